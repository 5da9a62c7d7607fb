using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Capture;

/// <summary>Keeps inventories in the table <c>Protections</c>, one row for each resource.</summary>
public sealed class TableResourceInventory(StorageTables tables) : IResourceInventory
{
    private readonly TableClient table = tables.Protections;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectedResource>> ReadAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageErrors.GuardAsync($"read the inventory of protection {id}", () => table.ReadInventoryAsync(id, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectedResource>> TryUpdateAsync(ProtectionId id, IReadOnlyList<ProtectedResource> resources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resources);
        return StorageErrors.GuardAsync<IReadOnlyList<ProtectedResource>>($"update {resources.Count} resources of protection {id}", async () =>
        {
            var written = new List<ProtectedResource>();
            foreach (var batch in resources.Chunk(StorageTables.MaxWrites))
            {
                // Where another writer was first, it has written what this round would have.
                if (await Races.UnlessLostAsync(() => table.WriteAsync([.. batch.Select(Write)], cancellationToken)) is { } versions)
                    written.AddRange(batch.Zip(versions).Where(pair => pair.Second is not null).Select(pair => pair.First with { Version = pair.Second }));
            }

            return written;
        }, cancellationToken);

        TableTransactionAction Write(ProtectedResource resource) =>
            new(TableTransactionActionType.UpdateReplace, ResourceRow.Create(id, resource), new ETag(resource.Version!));
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ProtectionId id, IReadOnlyCollection<ProtectedResource> resources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resources);
        return Races.RetryAsync($"remove {resources.Count} resources of protection {id}", async () =>
        {
            var left = (await table.ReadInventoryAsync(id, cancellationToken)).IntersectBy(resources.Select(resource => resource.ResourceId), resource => resource.ResourceId);
            foreach (var batch in left.Chunk(StorageTables.MaxWrites))
                await table.WriteAsync([.. batch.Select(entry => new TableTransactionAction(TableTransactionActionType.Delete, ResourceRow.Create(id, entry), ETag.All))], cancellationToken);
            return true;
        }, cancellationToken);
    }
}
