using System.Text;
using System.Text.RegularExpressions;
using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>The filters of a describe call: a thing passes when each filter has a value that the thing has.</summary>
internal sealed class Filters
{
    private const int MaxValues = 200;
    private const string TagPrefix = "tag:";

    private readonly List<Filter> all = [];

    /// <exception cref="AwsError">A filter is unknown, though nothing may be there to filter, or the values are too many.</exception>
    public Filters(QueryRequest request, params IReadOnlyList<string> known)
    {
        foreach (var number in request.Numbers("Filter"))
        {
            var name = request[$"Filter.{number}.Name"] ?? "";
            if (name != "tag-key" && !name.StartsWith(TagPrefix, StringComparison.Ordinal) && !known.Contains(name))
                throw new AwsError("InvalidParameterValue", $"The filter '{name}' is invalid");
            all.Add(new Filter(name, request.List($"Filter.{number}.Value")));
        }

        if (all.Sum(filter => filter.Count) > MaxValues)
            throw new AwsError("FilterLimitExceeded", $"The maximum number of filter values specified on a single call is {MaxValues}");
    }

    /// <param name="tags">The tags of the thing.</param>
    /// <param name="valuesOf">Its values by a known filter's name.</param>
    public bool Pass(IReadOnlyDictionary<string, string> tags, Func<string, IEnumerable<string>> valuesOf) => all.TrueForAll(filter => filter.Name switch
    {
        "tag-key" => tags.Keys.Any(filter.Has),
        var name when name.StartsWith(TagPrefix, StringComparison.Ordinal) => tags.TryGetValue(name[TagPrefix.Length..], out var value) && filter.Has(value),
        var name => valuesOf(name).Any(filter.Has),
    });

    private sealed class Filter
    {
        private readonly HashSet<string> exact = new(StringComparer.Ordinal);
        private readonly List<Regex> patterns = [];

        public Filter(string name, IReadOnlyList<string> values)
        {
            Name = name;
            foreach (var value in values)
            {
                if (value.AsSpan().IndexOfAny('*', '?', '\\') < 0)
                    exact.Add(value);
                else
                    patterns.Add(Pattern(value));
            }

            Count = values.Count;
        }

        public string Name { get; }

        public int Count { get; }

        public bool Has(string value) => exact.Contains(value) || patterns.Exists(pattern => pattern.IsMatch(value));

        // '*' and '?' are patterns, and '\' makes the next character an ordinary one.
        private static Regex Pattern(string text)
        {
            var expression = new StringBuilder("^");
            for (var i = 0; i < text.Length; i++)
            {
                expression.Append(text[i] switch
                {
                    '*' => ".*",
                    '?' => ".",
                    '\\' when i + 1 < text.Length => Regex.Escape(text[++i].ToString()),
                    var other => Regex.Escape(other.ToString()),
                });
            }

            return new Regex(expression.Append(@"\z").ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant);
        }
    }
}
