using Amazon.EC2.Model;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Aws.Volumes;

/// <summary>
/// Decides which volumes are captured together: <c>i-...</c> is every volume of an instance, <c>i-.../selected</c> some of them, <c>vol-...</c> one volume alone.
/// </summary>
internal static class VolumeGroups
{
    private const string Selected = "/selected";

    /// <summary>The instance of a group; null where it is a lone volume.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="isWhole">Whether every volume of the instance is in it.</param>
    public static string? InstanceOf(string groupId, out bool isWhole)
    {
        isWhole = groupId.StartsWith("i-", StringComparison.Ordinal) && !groupId.EndsWith(Selected, StringComparison.Ordinal);
        return isWhole ? groupId : groupId.EndsWith(Selected, StringComparison.Ordinal) ? groupId[..^Selected.Length] : null;
    }

    /// <summary>Puts each volume into one group.</summary>
    /// <param name="instances">The instances that are to be captured whole.</param>
    /// <param name="volumes">Their volumes, and others that are to be captured, each once.</param>
    public static IEnumerable<DiscoveredResource> Of(IReadOnlyCollection<Instance> instances, IReadOnlyCollection<Volume> volumes)
    {
        var whole = instances.Select(instance => instance.InstanceId).ToHashSet(StringComparer.Ordinal);
        foreach (var owned in volumes.ToLookup(volume => OwnerOf(volume, whole), StringComparer.Ordinal))
        {
            var group = owned.Key is null ? null : GroupOf(owned.Key, [.. owned]);
            foreach (var volume in owned)
                yield return new DiscoveredResource(volume.VolumeId, "ebs-volume", group ?? volume.VolumeId, volume.Size ?? 0);
        }

        string GroupOf(string instance, IReadOnlyList<Volume> owned)
        {
            var mapped = instances.FirstOrDefault(candidate => candidate.InstanceId == instance)?.BlockDeviceMappings?.Where(device => device.Ebs is not null).Select(device => device.Ebs.VolumeId);
            if (mapped is not null && mapped.All(id => owned.Any(volume => volume.VolumeId == id)))
                return instance;
            return owned.Count == 1 ? owned[0].VolumeId : $"{instance}{Selected}";
        }
    }

    // A volume that several instances share (Multi-Attach) is captured once: with the first, by id, of those that are captured whole.
    private static string? OwnerOf(Volume volume, HashSet<string> whole)
    {
        var attached = (volume.Attachments ?? []).Select(attachment => attachment.InstanceId).Where(id => !string.IsNullOrEmpty(id)).Order(StringComparer.Ordinal).ToList();
        return attached.Find(whole.Contains) ?? attached.FirstOrDefault();
    }
}
