using Azure.Data.Tables;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Capture;

/// <summary>An entry of an inventory as a row of the table <c>Protections</c>, in the partition of the assembly.</summary>
internal static class ResourceRow
{
    /// <summary>Every entry of a protection, in the order of their keys.</summary>
    public static async Task<IReadOnlyList<ProtectedResource>> ReadInventoryAsync(this TableClient table, ProtectionId id, CancellationToken cancellationToken)
    {
        var entries = new List<ProtectedResource>();
        await foreach (var row in table.FindByPrefix(Keys.Protections.Partition(id.Assembly), Keys.Protections.ResourcePrefix(id), cancellationToken))
            entries.Add(Read(row));
        return entries;
    }

    public static TableEntity Create(ProtectionId id, ProtectedResource resource) =>
        new(Keys.Protections.Partition(id.Assembly), Keys.Protections.Resource(id, resource.ResourceId))
        {
            [nameof(ProtectedResource.ResourceId)] = resource.ResourceId,
            [nameof(ProtectedResource.Type)] = resource.Type,
            [nameof(ProtectedResource.GroupId)] = resource.GroupId,
            [nameof(ProtectedResource.SizeGiB)] = resource.SizeGiB,
            [nameof(ProtectedResource.State)] = resource.State.ToString(),
            [nameof(ProtectedResource.SnapshotId)] = resource.SnapshotId,
            [nameof(ProtectedResource.TakenAt)] = resource.TakenAt,
            [nameof(ProtectedResource.NextStartAt)] = resource.NextStartAt,
            [nameof(ProtectedResource.Reason)] = resource.Reason,
            [nameof(ProtectedResource.ErrorsInARow)] = resource.ErrorsInARow,
            [nameof(ProtectedResource.MissingSince)] = resource.MissingSince,
        };

    public static ProtectedResource Read(TableEntity row) => new()
    {
        ResourceId = row.Text(nameof(ProtectedResource.ResourceId)),
        Type = row.Text(nameof(ProtectedResource.Type)),
        GroupId = row.Text(nameof(ProtectedResource.GroupId)),
        SizeGiB = row.Number(nameof(ProtectedResource.SizeGiB)),
        State = Enum.Parse<ResourceState>(row.Text(nameof(ProtectedResource.State))),
        SnapshotId = row.GetString(nameof(ProtectedResource.SnapshotId)),
        TakenAt = row.GetDateTimeOffset(nameof(ProtectedResource.TakenAt)),
        NextStartAt = row.GetDateTimeOffset(nameof(ProtectedResource.NextStartAt)),
        Reason = row.GetString(nameof(ProtectedResource.Reason)),
        ErrorsInARow = row.Number(nameof(ProtectedResource.ErrorsInARow)),
        MissingSince = row.GetDateTimeOffset(nameof(ProtectedResource.MissingSince)),
        Version = row.ETag.ToString(),
    };
}
