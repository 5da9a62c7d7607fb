using Amazon.EC2.Model;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Aws.Volumes;

/// <summary>The filters of EC2's describe calls. Ids are asked for by filter, too: a describe by ids fails as a whole for one that does not exist.</summary>
internal static class Ec2Filters
{
    /// <summary>The most values that one filter is given: EC2 takes 200 in a call, and the states of instances are four of them.</summary>
    public const int MaxValues = 196;

    public static Filter Of(string name, params IEnumerable<string> values) => new(name, [.. values]);

    /// <summary>Filters that together have all the values.</summary>
    public static IEnumerable<Filter> InChunks(string name, IEnumerable<string> values) => values.Distinct(StringComparer.Ordinal).Chunk(MaxValues).Select(chunk => Of(name, chunk));

    /// <summary>The queries that find what carries the tags; what any of them finds belongs to it.</summary>
    public static IEnumerable<List<Filter>> Of(ResourceFilter.Tags tags)
    {
        var byKey = tags.Required.GroupBy(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal)
            .Select(key => (key.Key, Values: key.Distinct(StringComparer.Ordinal).ToList()));
        if (!tags.MatchAll)
            return byKey.SelectMany(key => InChunks($"tag:{key.Key}", key.Values.Select(Escape))).Select(filter => new List<Filter> { filter });
        return byKey.All(key => key.Values.Count == 1)
            ? [[.. byKey.Select(key => Of($"tag:{key.Key}", Escape(key.Values[0])))]]
            : []; // a tag has one value: nothing has two of them
    }

    // In a filter's value these are patterns.
    private static string Escape(string value) =>
        value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("*", @"\*", StringComparison.Ordinal).Replace("?", @"\?", StringComparison.Ordinal);
}
