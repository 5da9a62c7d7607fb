using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Watchdog;

/// <summary>Keeps the watchdog's list in the table <c>UnfinishedProtections</c>: one partition, which holds what has not elapsed.</summary>
public sealed class TableUnfinishedProtections(StorageTables tables) : IUnfinishedProtections
{
    private const string IdColumn = "ProtectionId";
    private const string WrittenAt = nameof(UnfinishedProtection.WrittenAt);
    private const string OverdueAt = nameof(UnfinishedProtection.OverdueAt);
    private const string DueAt = nameof(DueAt);

    private readonly TableClient table = tables.UnfinishedProtections;

    /// <inheritdoc/>
    public Task AddAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        var row = new TableEntity(Keys.Unfinished.Protections, Keys.Unfinished.Protection(id)) { [IdColumn] = id.ToString(), [WrittenAt] = at, [DueAt] = at };
        return StorageErrors.GuardAsync(
            $"note protection {id} as unfinished", () => table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UnfinishedProtection> ListDueAsync(
        DateTimeOffset now, Action<UnreadableRow> unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var due = TableClient.CreateQueryFilter(
            $"PartitionKey eq {Keys.Unfinished.Protections} and (DueAt le {now} or DueAt gt {now + WatchPolicy.LongestUnread})");
        await using var pages = table.QueryAsync<TableEntity>(due, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        while (await StorageErrors.GuardAsync("list unfinished protections", async () => await pages.MoveNextAsync(), cancellationToken))
        {
            foreach (var row in table.ReadEach(pages.Current, Read, unreadable))
                yield return row;
        }
    }

    /// <inheritdoc/>
    public Task SetDueAsync(ProtectionId id, DateTimeOffset dueAt, DateTimeOffset? overdueAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        var row = new TableEntity(Keys.Unfinished.Protections, Keys.Unfinished.Protection(id)) { [DueAt] = dueAt, [OverdueAt] = overdueAt };
        // One that has reached its last state since has no row.
        return StorageErrors.GuardAsync(
            $"say when protection {id} is due",
            () => Races.UnlessLostAsync(() => table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveUnchangedAsync(UnfinishedProtection row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        // Where somebody expects something of it since, it stays.
        return StorageErrors.GuardAsync(
            $"note that nothing is to be expected of protection {row.Id}",
            () => Races.UnlessLostAsync(() => table.DeleteEntityAsync(Keys.Unfinished.Protections, Keys.Unfinished.Protection(row.Id), new ETag(row.Version), cancellationToken)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageErrors.GuardAsync(
            $"note protection {id} as finished", () => table.DeleteEntityAsync(Keys.Unfinished.Protections, Keys.Unfinished.Protection(id), ETag.All, cancellationToken), cancellationToken);
    }

    private static UnfinishedProtection Read(TableEntity row) =>
        new(ProtectionId.Parse(row.Text(IdColumn)), row.Time(WrittenAt), row.GetDateTimeOffset(OverdueAt), row.ETag.ToString());
}
