using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>Keeps inventories in the table <c>Protections</c>, one row for each resource, in the partition of the assembly.</summary>
public sealed class TableResourceInventory(StorageTables tables) : IResourceInventory
{
    private const int MostWritesAtOnce = 100; // of one entity-group transaction
    private const int LongestReason = 1024;
    private const int MostAttempts = 10;

    private readonly TableClient table = tables.Protections;

    /// <inheritdoc/>
    public Task SetAsync(ProtectionId id, IReadOnlyCollection<DiscoveredResource> resources, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resources);
        var wanted = resources.DistinctBy(resource => resource.ResourceId, StringComparer.Ordinal)
            .Select(resource => Create(id, new ProtectedResource { ResourceId = resource.ResourceId, Type = resource.Type, State = ResourceState.Pending }))
            .ToDictionary(row => row.RowKey, StringComparer.Ordinal);
        return StorageFaults.GuardAsync($"write the inventory of protection {id}", async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    foreach (var batch in (await MissingAsync(id, wanted, cancellation)).Chunk(MostWritesAtOnce))
                        await table.SubmitTransactionAsync(batch, cancellation);
                    return;
                }
                catch (RequestFailedException error) when ((error.IsLostRace() || error.ErrorCode == "ResourceNotFound") && attempt < MostAttempts)
                {
                    // A repetition of this call wrote in between: what is left to do is to be found out anew.
                }
            }
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectedResource>> ReadAsync(ProtectionId id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageFaults.GuardAsync<IReadOnlyList<ProtectedResource>>($"read the inventory of protection {id}", async () =>
        {
            var entries = new List<ProtectedResource>();
            await foreach (var row in Rows(id, cancellation))
                entries.Add(Read(row));
            return entries;
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<ProtectedResource?> TryUpdateAsync(ProtectionId id, ProtectedResource resource, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(resource.Version);
        return StorageFaults.GuardAsync($"update resource {resource.ResourceId} of protection {id}", async () =>
        {
            try
            {
                var response = await table.UpdateEntityAsync(Create(id, resource), new ETag(resource.Version), TableUpdateMode.Replace, cancellation);
                return resource with { Version = response.Headers.ETag.ToString() };
            }
            catch (RequestFailedException error) when (error.IsLostRace() || error.ErrorCode == "ResourceNotFound")
            {
                return null;
            }
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ProtectionId id, ProtectedResource resource, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resource);
        return StorageFaults.GuardAsync(
            $"remove resource {resource.ResourceId} of protection {id}",
            () => table.DeleteEntityAsync(ProtectionKeys.Partition(id.Assembly), ProtectionKeys.Resource(id, resource.ResourceId), ETag.All, cancellation),
            cancellation);
    }

    // Neither turns an entry back nor drops one whose capture has begun: a slow repetition may come at any time.
    private async Task<List<TableTransactionAction>> MissingAsync(ProtectionId id, Dictionary<string, TableEntity> wanted, CancellationToken cancellation)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        List<TableTransactionAction> writes = [];
        await foreach (var row in Rows(id, cancellation))
        {
            there.Add(row.RowKey);
            if (!wanted.ContainsKey(row.RowKey) && Read(row).State == ResourceState.Pending)
                writes.Add(new(TableTransactionActionType.Delete, row, row.ETag));
        }

        writes.AddRange(wanted.Values.Where(row => !there.Contains(row.RowKey)).Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
        return writes;
    }

    private AsyncPageable<TableEntity> Rows(ProtectionId id, CancellationToken cancellation) =>
        table.FindByPrefix(ProtectionKeys.Partition(id.Assembly), ProtectionKeys.ResourcePrefix(id), cancellation);

    private static TableEntity Create(ProtectionId id, ProtectedResource resource) =>
        new(ProtectionKeys.Partition(id.Assembly), ProtectionKeys.Resource(id, resource.ResourceId))
        {
            [nameof(ProtectedResource.ResourceId)] = resource.ResourceId,
            [nameof(ProtectedResource.Type)] = resource.Type,
            [nameof(ProtectedResource.State)] = resource.State.ToString(),
            [nameof(ProtectedResource.SnapshotId)] = resource.SnapshotId,
            [nameof(ProtectedResource.Reason)] = resource.Reason is { Length: > LongestReason } reason ? reason[..LongestReason] : resource.Reason,
            [nameof(ProtectedResource.ErrorsInARow)] = resource.ErrorsInARow,
        };

    private static ProtectedResource Read(TableEntity row) => new()
    {
        ResourceId = row.Text(nameof(ProtectedResource.ResourceId)),
        Type = row.Text(nameof(ProtectedResource.Type)),
        State = Enum.Parse<ResourceState>(row.Text(nameof(ProtectedResource.State))),
        SnapshotId = row.GetString(nameof(ProtectedResource.SnapshotId)),
        Reason = row.GetString(nameof(ProtectedResource.Reason)),
        ErrorsInARow = row.Number(nameof(ProtectedResource.ErrorsInARow)),
        Version = row.ETag.ToString(),
    };
}
