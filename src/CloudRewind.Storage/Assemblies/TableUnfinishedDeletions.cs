using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Assemblies;

/// <summary>Keeps the list of deletions in the watchdog's table, in a partition of its own.</summary>
public sealed class TableUnfinishedDeletions(StorageTables tables) : IUnfinishedDeletions
{
    private const string Partition = "deletions";

    private readonly TableClient table = tables.UnfinishedProtections;

    /// <inheritdoc/>
    public Task AddAsync(AssemblyKey assembly, DateTimeOffset at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var row = new TableEntity(Partition, RowKey(assembly))
        {
            [nameof(AssemblyKey.AccountId)] = assembly.AccountId,
            [nameof(AssemblyKey.ProjectId)] = assembly.ProjectId,
            [nameof(AssemblyKey.CloudAssemblyId)] = assembly.CloudAssemblyId,
            [nameof(UnfinishedDeletion.RequestedAt)] = at,
        };
        return StorageFaults.GuardAsync($"note the deletion of {assembly}", async () =>
        {
            try
            {
                await table.AddEntityAsync(row, cancellation);
            }
            catch (RequestFailedException error) when (error.IsLostRace())
            {
                // Asked for before: that time stays.
            }
        }, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UnfinishedDeletion> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await using var pages = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).AsPages().GetAsyncEnumerator(cancellation);
        while (await StorageFaults.GuardAsync("list unfinished deletions", async () => await pages.MoveNextAsync(), cancellation))
        {
            foreach (var row in pages.Current.Values)
            {
                var assembly = new AssemblyKey(
                    row.GetInt64(nameof(AssemblyKey.AccountId)) ?? 0,
                    row.Text(nameof(AssemblyKey.ProjectId)),
                    row.GetInt64(nameof(AssemblyKey.CloudAssemblyId)) ?? 0);
                yield return new UnfinishedDeletion(assembly, row.Time(nameof(UnfinishedDeletion.RequestedAt)));
            }
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(AssemblyKey assembly, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageFaults.GuardAsync(
            $"note the deletion of {assembly} as done", () => table.DeleteEntityAsync(Partition, RowKey(assembly), ETag.All, cancellation), cancellation);
    }

    private static string RowKey(AssemblyKey assembly) => KeyText.Encode(assembly.ToString());
}
