using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>The filters and the pages of describe calls.</summary>
internal static class Filtering
{
    private const int MaxValues = 200;

    /// <summary>Whether something passes every filter of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tags">The tags of the thing.</param>
    /// <param name="valuesOf">Its values by a filter's name; null: there is no such filter.</param>
    public static bool Passes(this QueryRequest request, IReadOnlyDictionary<string, string> tags, Func<string, IEnumerable<string>?> valuesOf)
    {
        foreach (var number in request.Numbers("Filter"))
        {
            var name = request[$"Filter.{number}.Name"]!;
            var patterns = request.List($"Filter.{number}.Value");
            if (patterns.Count > MaxValues)
                throw new AwsError("FilterLimitExceeded", $"The maximum number of filter values specified on a single call is {MaxValues}");
            var values = name switch
            {
                "tag-key" => tags.Keys,
                _ when name.StartsWith("tag:", StringComparison.Ordinal) => tags.TryGetValue(name[4..], out var value) ? [value] : [],
                _ => valuesOf(name) ?? throw new AwsError("InvalidParameterValue", $"The filter '{name}' is invalid"),
            };
            if (!values.Any(value => patterns.Any(pattern => Matches(pattern, value))))
                return false;
        }

        return true;
    }

    /// <summary>A page of items, in the set's element, and the token of the next.</summary>
    public static object?[] Page(this QueryRequest request, string set, IReadOnlyList<XElement> items, int serverLimit, int largest = 1_000)
    {
        var asked = request["MaxResults"] is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : largest;
        if (asked < 5 || (largest < 1_000 && asked > largest))
            throw new AwsError("InvalidParameterValue", $"Value ( {asked} ) for parameter maxResults is invalid. Expecting a value between 5 and {largest}.");
        var size = Math.Min(Math.Min(asked, largest), serverLimit);
        var from = request["NextToken"] is { } token ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        return
        [
            Answers.Set(set, items.Skip(from).Take(size)),
            from + size < items.Count ? new XElement("nextToken", from + size) : null,
        ];
    }

    // '*' and '?' are patterns, and '\' makes the next character an ordinary one.
    private static bool Matches(string pattern, string value)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?', '\\') < 0)
            return pattern == value;
        var expression = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            expression.Append(pattern[i] switch
            {
                '*' => ".*",
                '?' => ".",
                '\\' when i + 1 < pattern.Length => Regex.Escape(pattern[++i].ToString()),
                var other => Regex.Escape(other.ToString()),
            });
        }

        return Regex.IsMatch(value, expression.Append('$').ToString(), RegexOptions.Singleline);
    }
}
