using System.Globalization;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Protections;

/// <summary>Lists the protections of a cloud assembly, newest first.</summary>
public sealed class ListAwsProtections(Authorizer authorizer, ICloudAssemblyStore assemblies, IProtectionStore protections)
{
    private static readonly long LatestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>200 with the items of the range.</summary>
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
        var range = ItemRange.Read(request, faults);
        if (from > to)
            faults.Add("start_time", $"{from} is after end_time, {to}; it must be before it or the same.");
        var assembly = await authorizer.AuthorizeAsync(
            request, Permissions.ReadProtections, new AssemblyPath(accountId, projectId, cloudAssemblyId), faults, cancellation);

        if (await assemblies.FindAsync(assembly, cancellation) is null)
            throw Refusal.NoSuchAssembly(assembly.CloudAssemblyId);
        var page = await protections.ListAsync(new ProtectionQuery(assembly, from, to, range.Skip, range.Take), cancellation);
        range.Describe(request.HttpContext.Response, page.Items.Count, page.Total);
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
}
