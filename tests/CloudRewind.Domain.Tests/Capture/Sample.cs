using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>A protection that is in progress, and its assembly.</summary>
internal static class Sample
{
    public static readonly CloudAssembly Assembly = new(
        new AssemblyKey(1, "demo", 7),
        new AssemblyDefinition(
            "Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null), new ResourceFilter.Manual([]), null, AssemblyStatus.Enabled),
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch,
        1);

    public static Protection InProgress(DateTimeOffset since) => new()
    {
        Id = new ProtectionId(Assembly.Key, 0, 1),
        Name = "Demo",
        Status = ProtectionStatus.InProgress,
        Sequence = 3,
        CreatedAt = since,
        UpdatedAt = since,
        ExpiresAt = since + TimeSpan.FromDays(30),
        Counts = ResourceCounts.None,
        Location = new SnapshotLocation(ScriptedProvider.ProviderName, Assembly.Definition.SourceRegion, Assembly.Definition.Connection),
    };
}
