using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>The tags that a request sets, under EC2's rules for tags.</summary>
internal static class RequestTags
{
    private const int MaxTags = 50;
    private const int LongestKey = 128;
    private const int LongestValue = 256;

    /// <summary>The tags for snapshots that are to be created.</summary>
    public static Dictionary<string, string> ForSnapshots(QueryRequest request)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var number in request.Numbers("TagSpecification"))
        {
            if (request[$"TagSpecification.{number}.ResourceType"] is var type and not "snapshot")
                throw new AwsError("InvalidParameterValue", $"'{type}' is not a valid taggable resource type for this operation.");
            Read(request, $"TagSpecification.{number}.Tag", tags);
        }

        return Limited(tags);
    }

    /// <summary>The tags of CreateTags.</summary>
    public static Dictionary<string, string> Of(QueryRequest request)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        Read(request, "Tag", tags);
        return tags.Count > 0 ? Limited(tags) : throw new AwsError("MissingParameter", "The request must contain the parameter tagSet");
    }

    /// <summary>The tags with those of the source; a key that both have is refused, and AWS's own tags are not copied.</summary>
    public static Dictionary<string, string> WithCopied(Dictionary<string, string> tags, IReadOnlyDictionary<string, string> source)
    {
        var both = new Dictionary<string, string>(tags, StringComparer.Ordinal);
        foreach (var (key, value) in source.Where(tag => !IsReserved(tag.Key)))
            Add(both, key, value);
        return Limited(both);
    }

    /// <exception cref="AwsError">There are too many.</exception>
    public static Dictionary<string, string> Limited(Dictionary<string, string> tags) =>
        tags.Count <= MaxTags ? tags : throw new AwsError("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");

    private static void Read(QueryRequest request, string list, Dictionary<string, string> tags)
    {
        foreach (var number in request.Numbers(list))
        {
            var (key, value) = (request[$"{list}.{number}.Key"] ?? "", request[$"{list}.{number}.Value"] ?? "");
            if (key.Length == 0)
                throw new AwsError("InvalidParameterValue", "Tag key cannot be empty.");
            if (IsReserved(key))
                throw new AwsError("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use");
            if (key.Length > LongestKey)
                throw new AwsError("InvalidParameterValue", $"Tag key exceeds the maximum length of {LongestKey} characters");
            if (value.Length > LongestValue)
                throw new AwsError("InvalidParameterValue", $"Tag value exceeds the maximum length of {LongestValue} characters");
            Add(tags, key, value);
        }
    }

    private static bool IsReserved(string key) => key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);

    private static void Add(Dictionary<string, string> tags, string key, string value)
    {
        if (!tags.TryAdd(key, value))
            throw new AwsError("InvalidParameterValue", $"Duplicate tag key '{key}' specified.");
    }
}
