using System.Globalization;
using System.Xml.Linq;
using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>The pages of describe calls.</summary>
internal static class Paging
{
    /// <summary>A page of items, in the set's element, and the token of the next.</summary>
    /// <param name="request">The request.</param>
    /// <param name="set">The name of the set's element.</param>
    /// <param name="ids">The name of the list of ids that the call takes: pages of a list are refused, and it comes whole.</param>
    /// <param name="items">All items.</param>
    /// <param name="serverLimit">The most items of a page, whatever is asked for.</param>
    /// <param name="largest">The most that may be asked for; more than 1,000 is not refused, but 1,000 come.</param>
    public static object?[] Page(this QueryRequest request, string set, string ids, IReadOnlyList<XElement> items, int serverLimit, int largest = 1_000)
    {
        var asked = request["MaxResults"] is { } text ? Number(text, "maxResults") : largest;
        if (asked < 5 || (largest < 1_000 && asked > largest))
            throw new AwsError("InvalidParameterValue", $"Value ( {asked} ) for parameter maxResults is invalid. Expecting a value between 5 and {largest}.");
        if (request["MaxResults"] is not null && request.Numbers(ids).Any())
            throw new AwsError("InvalidParameterCombination", $"The parameter {ids} cannot be used with the parameter maxResults");
        var size = request.Numbers(ids).Any() ? items.Count : Math.Min(Math.Min(asked, largest), serverLimit);
        var from = request["NextToken"] is { } token ? Number(token, "nextToken") : 0;
        return
        [
            Answers.Set(set, items.Skip(from).Take(size)),
            from + size < items.Count ? new XElement("nextToken", from + size) : null,
        ];
    }

    private static int Number(string text, string parameter) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new AwsError("InvalidParameterValue", $"Value ( {text} ) for parameter {parameter} is invalid.");
}
