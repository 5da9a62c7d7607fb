using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Driving;

/// <summary>
/// Keeps the table <c>WorkList</c>. An item has two rows in one partition, one keyed by the work and one by its due time, and every write of an item is one
/// transaction of both: so an item is due exactly once.
/// </summary>
public sealed class TableWorkList(StorageTables tables) : IWorkList
{
    private readonly TableClient table = tables.WorkList;

    /// <inheritdoc/>
    public Task<string> EnsureAsync(WorkKey key, DateTimeOffset expectedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var attempt = 0;
        return Races.RetryAsync($"list the {key}", async () =>
        {
            // Most work is new. Only after that was refused is the item read, for the key of its other row.
            var listed = attempt++ == 0 ? null : await FindAsync(key, cancellationToken);
            if (listed is null)
            {
                var created = new WorkItem(key, expectedAt, expectedAt, expectedAt, Version: "");
                return await WriteAsync(
                    [new(TableTransactionActionType.Add, WorkItemRow.ByKey(created)), new(TableTransactionActionType.UpsertReplace, WorkItemRow.ByTime(created))]);
            }

            var before = WorkItemRow.Read(listed);
            var item = before with { ExpectedAt = expectedAt, DueAt = expectedAt };
            List<TableTransactionAction> writes =
            [
                new(TableTransactionActionType.UpdateReplace, WorkItemRow.ByKey(item), listed.ETag),
                new(TableTransactionActionType.UpsertReplace, WorkItemRow.ByTime(item)),
            ];
            var earlier = WorkItemRow.ByTime(before);
            var isMoved = earlier.RowKey != WorkItemRow.ByTime(item).RowKey;
            // It is there, unless an operator has deleted it.
            if (isMoved && (attempt == 2 || await table.FindAsync(earlier.PartitionKey, earlier.RowKey, cancellationToken) is not null))
                writes.Insert(0, new(TableTransactionActionType.Delete, earlier, ETag.All));
            return await WriteAsync(writes);
        }, cancellationToken);

        async Task<string> WriteAsync(IReadOnlyList<TableTransactionAction> writes) =>
            (await table.WriteAsync(writes, cancellationToken))[^2] ?? throw Races.Lost();
    }

    /// <inheritdoc/>
    public Task<string?> ClaimAsync(WorkKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        // Merging nothing gives the row another version.
        var row = new TableEntity(Keys.Work.Partition(key), Keys.Work.Item(key));
        return StorageErrors.GuardAsync(
            $"claim the {key}",
            async () => (await Races.UnlessLostAsync(() => table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken)))?.Version(),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int?> FindGenerationAsync(WorkKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StorageErrors.GuardAsync<int?>(
            $"read the {key}", async () => await FindAsync(key, cancellationToken) is { } row ? WorkItemRow.Read(row).Generation : null, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WorkItem> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        table.ListDueAsync(now, WorkItemRow.Read, unreadable, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<WorkItem> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        table.ListAfterAsync(after, WorkItemRow.Read, unreadable, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PostponeAsync(WorkItem item, WorkItem changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(changed);
        // The row by time was listed and guards both.
        var (before, byTime) = (WorkItemRow.ByTime(item), WorkItemRow.ByTime(changed));
        List<TableTransactionAction> writes = before.RowKey == byTime.RowKey
            ? [new(TableTransactionActionType.UpdateReplace, byTime, new ETag(item.Version))]
            : [new(TableTransactionActionType.Delete, before, new ETag(item.Version)), new(TableTransactionActionType.UpsertReplace, byTime)];
        writes.Add(new(TableTransactionActionType.UpsertReplace, WorkItemRow.ByKey(changed)));
        return StorageErrors.GuardAsync(
            $"postpone the {item.Key}",
            async () => await Races.UnlessLostAsync(() => table.WriteAsync(writes, cancellationToken)) is not null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task CompleteAsync(WorkItem item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        var byTime = new TableTransactionAction(TableTransactionActionType.Delete, WorkItemRow.ByTime(item), new ETag(item.Version));
        return StorageErrors.GuardAsync(
            $"complete the {item.Key}",
            async () => await Races.UnlessLostAsync(() => table.SubmitTransactionAsync([byTime, DeleteByKey(item.Key, ETag.All)], cancellationToken))
                // An operator may have deleted the row by key alone.
                ?? await Races.UnlessLostAsync(() => table.SubmitTransactionAsync([byTime], cancellationToken)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task CompleteAsync(WorkKey key, string? claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Races.RetryAsync($"complete the {key}", async () =>
        {
            if (await FindAsync(key, cancellationToken) is { } row && (claim is null || row.ETag.ToString() == claim))
            {
                var byTime = WorkItemRow.ByTime(WorkItemRow.Read(row));
                await table.SubmitTransactionAsync(
                    [DeleteByKey(key, row.ETag), new(TableTransactionActionType.Delete, byTime, ETag.All)], cancellationToken);
            }

            return true;
        }, cancellationToken);
    }

    private Task<TableEntity?> FindAsync(WorkKey key, CancellationToken cancellationToken) =>
        table.FindAsync(Keys.Work.Partition(key), Keys.Work.Item(key), cancellationToken);

    private static TableTransactionAction DeleteByKey(WorkKey key, ETag version) =>
        new(TableTransactionActionType.Delete, new TableEntity(Keys.Work.Partition(key), Keys.Work.Item(key)), version);
}
