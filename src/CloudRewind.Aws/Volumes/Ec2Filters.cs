using Amazon.EC2.Model;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Aws.Volumes;

/// <summary>The filters of EC2's describe calls. Every value is compared as it is: EC2 would take <c>*</c> and <c>?</c> for patterns.</summary>
internal static class Ec2Filters
{
    /// <summary>The most values that one filter is given: EC2 takes 200 in a call, and the states of instances are four of them.</summary>
    public const int MaxValues = 196;

    public static Filter Of(string name, params IEnumerable<string> values) => new(name, [.. values.Select(Escape)]);

    /// <summary>Filters that together have all the values.</summary>
    public static IEnumerable<Filter> InChunks(string name, IEnumerable<string> values) => values.Distinct(StringComparer.Ordinal).Chunk(MaxValues).Select(chunk => Of(name, chunk));

    /// <summary>The queries that find what carries the tags; what any of them finds belongs to it.</summary>
    public static IEnumerable<List<Filter>> Of(ResourceFilter.Tags tags)
    {
        var byKey = tags.Required.GroupBy(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal)
            .Select(key => (key.Key, Values: key.Distinct(StringComparer.Ordinal).ToList()));
        if (!tags.MatchAll)
            return byKey.SelectMany(key => InChunks($"tag:{key.Key}", key.Values)).Select(filter => new List<Filter> { filter });
        return byKey.All(key => key.Values.Count == 1)
            ? [[.. byKey.Select(key => Of($"tag:{key.Key}", key.Values[0]))]]
            : []; // a tag has one value: nothing has two of them
    }

    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
    private static string Escape(string value) =>
        value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("*", @"\*", StringComparison.Ordinal).Replace("?", @"\?", StringComparison.Ordinal);
}
