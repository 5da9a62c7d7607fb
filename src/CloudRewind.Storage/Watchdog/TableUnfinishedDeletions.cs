using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Watchdog;

/// <summary>Keeps the list of deletions in the watchdog's table, in a partition of its own.</summary>
public sealed class TableUnfinishedDeletions(StorageTables tables) : IUnfinishedDeletions
{
    private readonly TableClient table = tables.UnfinishedProtections;

    /// <inheritdoc/>
    public Task AddAsync(AssemblyKey assembly, DateTimeOffset requestedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var row = new TableEntity(Keys.Unfinished.Deletions, Keys.Unfinished.Deletion(assembly))
        {
            [nameof(AssemblyKey.AccountId)] = assembly.AccountId,
            [nameof(AssemblyKey.ProjectId)] = assembly.ProjectId,
            [nameof(AssemblyKey.CloudAssemblyId)] = assembly.CloudAssemblyId,
            [nameof(UnfinishedDeletion.RequestedAt)] = requestedAt,
        };
        return StorageErrors.GuardAsync($"note the deletion of {assembly}", async () =>
        {
            try
            {
                await table.AddEntityAsync(row, cancellationToken);
            }
            catch (RequestFailedException error) when (error.IsLostRace())
            {
                // It is on the list already.
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UnfinishedDeletion> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Unfinished.Deletions}");
        await using var pages = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        while (await StorageErrors.GuardAsync("list unfinished deletions", async () => await pages.MoveNextAsync(), cancellationToken))
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
    public Task RemoveAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageErrors.GuardAsync(
            $"note the deletion of {assembly} as done",
            () => table.DeleteEntityAsync(Keys.Unfinished.Deletions, Keys.Unfinished.Deletion(assembly), ETag.All, cancellationToken),
            cancellationToken);
    }
}
