using System.Globalization;
using System.Text.RegularExpressions;
using CloudRewind.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.Functions.Http;

/// <summary>The part of a list that a request asks for: <c>Range: items=1-100</c>, or <c>?items=1-100</c>, which a link can carry.</summary>
/// <param name="First">The first item, from 1.</param>
/// <param name="Last">The last item, inclusive.</param>
internal sealed partial record ItemRange(int First, int Last)
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
        var (header, parameter) = (request.Headers.Range, QueryParameters.Values(request, Unit));
        if (header.Count > 0 && parameter.Count > 0)
            errors.Add(Unit, $"Give this query parameter or the header {HeaderNames.Range}, and not both.");
        else if (header.Count > 0)
            return Read(header, "items=1-100", HeaderNames.Range, errors);
        else if (parameter.Count > 0)
            return Read(parameter is [{ } text] ? $"{Unit}={text}" : parameter, "1-100", Unit, errors);
        return Default;
    }

    /// <summary>Says on the response which part of the list it holds, and where the next part is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="url">The absolute URL of the list, without a query.</param>
    /// <param name="items">How many items there were in the range.</param>
    /// <param name="total">How many there are in all; null where there are more than were read.</param>
    public void Describe(HttpRequest request, string url, int items, int? total)
    {
        var headers = request.HttpContext.Response.Headers;
        var all = total?.ToString(CultureInfo.InvariantCulture) ?? "*";
        var last = Skip + items;
        headers.ContentRange = items == 0 ? $"{Unit} */{all}" : string.Create(CultureInfo.InvariantCulture, $"{Unit} {First}-{last}/{all}");
        headers.AcceptRanges = Unit;
        headers.CacheControl = "private, no-cache";
        if (items > 0 && last < (total ?? MaxLast))
            headers.Link = string.Create(CultureInfo.InvariantCulture, $"<{url}?{OtherParameters(request)}{Unit}={last + 1}-{Math.Min(last + Take, MaxLast)}>; rel=\"next\"");
    }

    private static ItemRange Read(StringValues values, string example, string field, FieldErrors errors)
    {
        if (values is [{ } text]
            && Form().Match(text) is { Success: true } match
            && WholeNumber.TryParse(match.Groups[1].Value, out var first)
            && WholeNumber.TryParse(match.Groups[2].Value, out var last)
            && last <= MaxLast
            && first <= last
            && new ItemRange((int)first, (int)last) is { Take: <= MaxItems } range)
            return range;
        errors.Add(field, $"'{Excerpt.Of(values.ToString())}' is not a range of items; give one such as '{example}', of at most {MaxItems} items, from 1 to {MaxLast}.");
        return Default;
    }

    // All that the request asked for, but for the part of the list and the host's key.
    private static string OtherParameters(HttpRequest request) => string.Concat(
        from parameter in request.Query
        where !parameter.Key.Equals(Unit, StringComparison.OrdinalIgnoreCase) && !parameter.Key.Equals(QueryParameters.HostKey, StringComparison.OrdinalIgnoreCase)
        from value in parameter.Value
        select $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value)}&");

    // Stricter than RFC 9110, which lets a server ignore a range: no spaces, no leading zeros, no other ranges. Its units have no case.
    [GeneratedRegex(@"\A(?i:items)=([1-9][0-9]*)-([1-9][0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
