using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>Keeps the watchdog's list in the table <c>UnfinishedProtections</c>: one partition, which holds what has not elapsed.</summary>
public sealed class TableUnfinishedProtections(StorageTables tables) : IUnfinishedProtections
{
    private const string Partition = "unfinished";
    private const string IdColumn = "ProtectionId";
    private const string WrittenAt = nameof(UnfinishedProtection.WrittenAt);
    private const string LookFrom = nameof(LookFrom);

    private readonly TableClient table = tables.UnfinishedProtections;

    /// <inheritdoc/>
    public Task AddAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        var row = new TableEntity(Partition, RowKey(id)) { [IdColumn] = id.ToString(), [WrittenAt] = at, [LookFrom] = at };
        return StorageFaults.GuardAsync(
            $"note protection {id} as unfinished", () => table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UnfinishedProtection> ListDueAsync(DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var due = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and LookFrom le {now}");
        await using var pages = table.QueryAsync<TableEntity>(due, cancellationToken: cancellation).AsPages().GetAsyncEnumerator(cancellation);
        while (await StorageFaults.GuardAsync("list unfinished protections", async () => await pages.MoveNextAsync(), cancellation))
        {
            foreach (var row in pages.Current.Values)
                yield return new UnfinishedProtection(ProtectionId.Parse(row.Text(IdColumn)), row.Time(WrittenAt));
        }
    }

    /// <inheritdoc/>
    public Task PostponeAsync(ProtectionId id, DateTimeOffset until, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        var row = new TableEntity(Partition, RowKey(id)) { [LookFrom] = until };
        return StorageFaults.GuardAsync($"postpone the look at protection {id}", async () =>
        {
            try
            {
                await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellation);
            }
            catch (RequestFailedException error) when (error.ErrorCode == "ResourceNotFound")
            {
                // It came to its last state meanwhile.
            }
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ProtectionId id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageFaults.GuardAsync(
            $"note protection {id} as finished", () => table.DeleteEntityAsync(Partition, RowKey(id), ETag.All, cancellation), cancellation);
    }

    private static string RowKey(ProtectionId id) => KeyText.Encode(id.ToString());
}
