using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>The part of a list that a request asks for: <c>Range: items=1-100</c>.</summary>
/// <param name="First">The first item, from 1.</param>
/// <param name="Last">The last item, inclusive.</param>
internal sealed partial record ItemRange(int First, int Last)
{
    private const int MostItems = 1_000;
    private const int LastItem = 1_000_000;
    private const string HeaderName = "Range";
    private static readonly ItemRange Default = new(1, 100);

    /// <summary>How many items come before it.</summary>
    public int Skip => First - 1;

    /// <summary>How many items it holds.</summary>
    public int Take => Last - First + 1;

    /// <summary>The range, or the first hundred where none is asked for; a fault is noted.</summary>
    public static ItemRange Read(HttpRequest request, FieldErrors faults)
    {
        var values = request.Headers.Range;
        if (values.Count == 0)
            return Default;
        if (values.Count == 1
            && Form().Match(values.ToString()) is { Success: true } range
            && new ItemRange(Number(range.Groups[1]), Number(range.Groups[2])) is { First: >= 1, Last: <= LastItem, Take: >= 1 and <= MostItems } asked)
            return asked;
        faults.Add(HeaderName, $"'{values}' is not a range of items; it must be such as 'items=1-100', from 1 to {LastItem}, and of at most {MostItems} items.");
        return Default;
    }

    /// <summary>Says on the response which part of the list it holds.</summary>
    /// <param name="response">The response.</param>
    /// <param name="items">How many items there were in the range.</param>
    /// <param name="total">How many there are in all; null where that is not known.</param>
    public void Describe(HttpResponse response, int items, int? total)
    {
        var all = total?.ToString(CultureInfo.InvariantCulture) ?? "*";
        response.Headers.ContentRange = items == 0
            ? $"items */{all}"
            : string.Create(CultureInfo.InvariantCulture, $"items {First}-{First + items - 1}/{all}");
        response.Headers.AcceptRanges = "items";
        response.Headers.CacheControl = "private, no-cache";
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\Aitems=([0-9]{1,7})-([0-9]{1,7})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
