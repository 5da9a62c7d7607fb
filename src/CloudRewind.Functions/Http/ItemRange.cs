using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.Functions.Http;

/// <summary>The part of a list that a request asks for: <c>Range: items=1-100</c>.</summary>
/// <param name="First">The first item, from 1.</param>
/// <param name="Last">The last item, inclusive.</param>
internal sealed record ItemRange(int First, int Last)
{
    private const string Unit = "items";
    private const int MaxItems = 1_000;
    private const int MaxLast = 1_000_000;
    private static readonly ItemRange Default = new(1, 100);

    /// <summary>How many items come before it.</summary>
    public int Skip => First - 1;

    /// <summary>How many items it holds.</summary>
    public int Take => Last - First + 1;

    /// <summary>The range, or the first hundred where none is asked for; an invalid one is added to the errors.</summary>
    public static ItemRange Read(HttpRequest request, FieldErrors errors)
    {
        var values = request.Headers.Range;
        if (values.Count == 0)
            return Default;
        if (values is [{ } text]
            && RangeHeaderValue.TryParse(text, out var header)
            && header.Unit.Equals(Unit, StringComparison.OrdinalIgnoreCase)
            && header.Ranges is { Count: 1 } ranges
            && ranges.Single() is { From: >= 1 and var first, To: <= MaxLast and var last }
            && new ItemRange((int)first, (int)last) is { Take: >= 1 and <= MaxItems } range)
            return range;
        errors.Add(HeaderNames.Range, $"'{Excerpt.Of(values.ToString())}' is not a range of items; give one such as 'items=1-100', of at most {MaxItems} items, from 1 to {MaxLast}.");
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
            ? $"{Unit} */{all}"
            : string.Create(CultureInfo.InvariantCulture, $"{Unit} {First}-{First + items - 1}/{all}");
        response.Headers.AcceptRanges = Unit;
        response.Headers.CacheControl = "private, no-cache";
    }
}
