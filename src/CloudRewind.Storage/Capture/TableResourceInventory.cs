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
    public Task<IReadOnlyList<ProtectedResource>> TryUpdateAsync(ProtectionId id, IReadOnlyList<ProtectedResource> resources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resources);
        return StorageErrors.GuardAsync<IReadOnlyList<ProtectedResource>>($"update {resources.Count} resources of protection {id}", async () =>
        {
            var written = new List<ProtectedResource>();
            foreach (var batch in resources.Chunk(MaxWritesAtOnce))
            {
                try
                {
                    var answers = await table.SubmitTransactionAsync(batch.Select(Write), cancellationToken);
                    written.AddRange(batch.Zip(answers.Value, (resource, answer) => resource with { Version = answer.Headers.ETag.ToString() }));
                }
                catch (RequestFailedException error) when (error.IsLostRace())
                {
                    // Whoever was first has written what this round would have.
                }
            }

            return written;
        }, cancellationToken);

        TableTransactionAction Write(ProtectedResource resource) =>
            new(TableTransactionActionType.UpdateReplace, Create(id, resource), new ETag(resource.Version!));
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ProtectionId id, IReadOnlyCollection<ProtectedResource> resources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(resources);
        return Races.RetryAsync($"remove {resources.Count} resources of protection {id}", async () =>
        {
            var left = (await ReadEntriesAsync(id, cancellationToken)).IntersectBy(resources.Select(resource => resource.ResourceId), resource => resource.ResourceId);
            foreach (var batch in left.Chunk(MaxWritesAtOnce))
                await table.SubmitTransactionAsync(batch.Select(entry => new TableTransactionAction(TableTransactionActionType.Delete, Create(id, entry), ETag.All)), cancellationToken);
            return true;
        }, cancellationToken);
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
            [nameof(ProtectedResource.GroupId)] = resource.GroupId,
            [nameof(ProtectedResource.SizeGiB)] = resource.SizeGiB,
            [nameof(ProtectedResource.State)] = resource.State.ToString(),
            [nameof(ProtectedResource.SnapshotId)] = resource.SnapshotId,
            [nameof(ProtectedResource.TakenAt)] = resource.TakenAt,
            [nameof(ProtectedResource.NextStartAt)] = resource.NextStartAt,
            [nameof(ProtectedResource.Reason)] = resource.Reason,
            [nameof(ProtectedResource.ErrorsInARow)] = resource.ErrorsInARow,
        };

    private static ProtectedResource Read(TableEntity row) => new()
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
        Version = row.ETag.ToString(),
    };
}
