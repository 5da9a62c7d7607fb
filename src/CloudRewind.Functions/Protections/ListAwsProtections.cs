using System.Globalization;
using System.Text.RegularExpressions;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Security;
using CloudRewind.Protections;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Protections;

/// <summary>Lists the protections of a cloud assembly, newest first.</summary>
public sealed partial class ListAwsProtections(RequestGate gate, IProtectionStore protections)
{
    private const int MostItems = 1_000;
    private const int LastItem = 1_000_000;
    private static readonly long LatestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>200 with the items of the range; an assembly that has none, or never was, has an empty list.</summary>
    [Function(nameof(ListAwsProtections))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Protections)] HttpRequest request,
        string accountId,
        string projectId,
        string cloudAssemblyId,
        CancellationToken cancellation)
    {
        var faults = new FieldErrors();
        var from = ReadTime(request, "start_time", 0, faults);
        var to = ReadTime(request, "end_time", LatestMilliseconds, faults);
        var (first, last) = ReadRange(request, faults);
        if (from > to)
            faults.Add("start_time", $"{from} is after end_time, {to}; it must be before it or the same.");
        var assembly = await gate.EnterAsync(
            request, Permissions.ReadProtections, new AssemblyPath(accountId, projectId, cloudAssemblyId), faults, cancellation);

        var page = await protections.ListAsync(new ProtectionQuery(assembly, from, to, first - 1, last - first + 1), cancellation);
        var total = page.Total?.ToString(CultureInfo.InvariantCulture) ?? "*";
        var headers = request.HttpContext.Response.Headers;
        headers.ContentRange = page.Items.Count == 0
            ? $"items */{total}"
            : string.Create(CultureInfo.InvariantCulture, $"items {first}-{first + page.Items.Count - 1}/{total}");
        headers.AcceptRanges = "items";
        headers.CacheControl = "private, no-cache";
        return Json.Answer(page.Items.Select(ProtectionAnswer.From));
    }

    private static long ReadTime(HttpRequest request, string name, long otherwise, FieldErrors faults)
    {
        var values = request.Query[name];
        if (values.Count == 0)
            return otherwise;
        if (values.Count == 1 && long.TryParse(values, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= LatestMilliseconds)
            return time;
        faults.Add(name, $"'{values}' is not a time; it must be there once at most, and be milliseconds since 1970 UTC, from 0 to {LatestMilliseconds}.");
        return otherwise;
    }

    private static (int First, int Last) ReadRange(HttpRequest request, FieldErrors faults)
    {
        const int DefaultLast = 100;
        var values = request.Headers.Range;
        if (values.Count == 0)
            return (1, DefaultLast);
        if (values.Count == 1
            && ItemRange().Match(values.ToString()) is { Success: true } range
            && int.TryParse(range.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(range.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first >= 1
            && last >= first
            && last <= LastItem
            && last - first < MostItems)
            return (first, last);
        faults.Add("Range", $"'{values}' is not a range of items; it must be such as 'items=1-100', from 1 to {LastItem}, and of at most {MostItems} items.");
        return (1, DefaultLast);
    }

    [GeneratedRegex(@"\Aitems=([0-9]{1,7})-([0-9]{1,7})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ItemRange();
}
