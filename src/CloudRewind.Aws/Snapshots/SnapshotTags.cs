using Amazon.EC2;
using Amazon.EC2.Model;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Aws.Snapshots;

/// <summary>The tags that every snapshot carries. By one of them it is found again; the IAM policy lets nothing else be created or removed.</summary>
internal static class SnapshotTags
{
    /// <summary>What the keys begin with.</summary>
    public const string Prefix = "cloudrewind:";

    /// <summary>The protection's id: what is searched for.</summary>
    public const string Protection = Prefix + "protection";

    /// <summary>The same for all that one call has started.</summary>
    public const string Set = Prefix + "set";

    /// <summary>The most that a resource may have.</summary>
    public const int MaxTags = 50;

    /// <summary>The tags of what one call starts.</summary>
    /// <param name="target">The protection.</param>
    /// <param name="source">The instance whose volumes are captured together, or the lone volume. Of a set, all snapshots get the same tags; each snapshot names its volume itself.</param>
    /// <param name="copied">Tags of the source to add: none of AWS's own or of ours, and no more than fit.</param>
    public static TagSpecification Of(CaptureTarget target, string source, IEnumerable<Tag>? copied = null)
    {
        var key = target.Protection.Assembly;
        List<Tag> own =
        [
            new(Prefix + "account", TagValue.Of(key.AccountId.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            new(Prefix + "project", TagValue.Of(key.ProjectId)),
            new(Prefix + "assembly", TagValue.Of(key.CloudAssemblyId.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            new(Protection, TagValue.Of(target.Protection.ToString())),
            new(Prefix + (source.StartsWith("vol-", StringComparison.Ordinal) ? "volume" : "instance"), source),
            new(Set, Guid.NewGuid().ToString("N")),
        ];
        return new TagSpecification
        {
            ResourceType = ResourceType.Snapshot,
            Tags = [.. own, .. (copied ?? []).Where(tag => !IsReserved(tag)).Take(MaxTags - own.Count)],
        };
    }

    /// <summary>How many tags <see cref="Of"/> gives by itself.</summary>
    public const int OwnTags = 6;

    /// <summary>Whether a tag is AWS's own, or one of ours.</summary>
    public static bool IsReserved(Tag tag) =>
        tag.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) || tag.Key.StartsWith(Prefix, StringComparison.Ordinal);
}
