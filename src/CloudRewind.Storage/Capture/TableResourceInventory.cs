using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Capture;

/// <summary>Keeps inventories in the table <c>Protections</c>, one row for each resource, in the partition of the assembly.</summary>
public sealed class TableResourceInventory(StorageTables tables) : IResourceInventory
{
    private const int MaxWritesAtOnce = 100; // of one entity-group transaction

    private readonly TableClient table = tables.Protections;

    /// <inheritdoc/>
    public Task SetAsync(ProtectionId id, IReadOnlyCollection<DiscoveredResource> resources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resources);
        return Races.RetryAsync($"write the inventory of protection {id}", async () =>
        {
            var (added, dropped) = ProtectedResource.Reconcile(await ReadEntriesAsync(id, cancellationToken), resources);
            IEnumerable<TableTransactionAction> writes =
            [
                .. added.Select(entry => new TableTransactionAction(TableTransactionActionType.Add, Create(id, entry))),
                .. dropped.Select(entry => new TableTransactionAction(TableTransactionActionType.Delete, Create(id, entry), new ETag(entry.Version!))),
            ];
            foreach (var batch in writes.Chunk(MaxWritesAtOnce))
                await table.SubmitTransactionAsync(batch, cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectedResource>> ReadAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageErrors.GuardAsync($"read the inventory of protection {id}", () => ReadEntriesAsync(id, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ProtectedResource?> TryUpdateAsync(ProtectionId id, ProtectedResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(resource.Version);
        return StorageErrors.GuardAsync($"update resource {resource.ResourceId} of protection {id}", async () =>
        {
            try
            {
                var response = await table.UpdateEntityAsync(Create(id, resource), new ETag(resource.Version), TableUpdateMode.Replace, cancellationToken);
                return resource with { Version = response.Headers.ETag.ToString() };
            }
            catch (RequestFailedException error) when (error.IsLostRace())
            {
                return null;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ProtectionId id, ProtectedResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resource);
        return StorageErrors.GuardAsync(
            $"remove resource {resource.ResourceId} of protection {id}",
            () => table.DeleteEntityAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Resource(id, resource.ResourceId), ETag.All, cancellationToken),
            cancellationToken);
    }

    private async Task<IReadOnlyList<ProtectedResource>> ReadEntriesAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        var entries = new List<ProtectedResource>();
        await foreach (var row in table.FindByPrefix(Keys.Protections.Partition(id.Assembly), Keys.Protections.ResourcePrefix(id), cancellationToken))
            entries.Add(Read(row));
        return entries;
    }

    private static TableEntity Create(ProtectionId id, ProtectedResource resource) =>
        new(Keys.Protections.Partition(id.Assembly), Keys.Protections.Resource(id, resource.ResourceId))
        {
            [nameof(ProtectedResource.ResourceId)] = resource.ResourceId,
            [nameof(ProtectedResource.Type)] = resource.Type,
            [nameof(ProtectedResource.State)] = resource.State.ToString(),
            [nameof(ProtectedResource.SnapshotId)] = resource.SnapshotId,
            [nameof(ProtectedResource.Reason)] = resource.Reason,
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
