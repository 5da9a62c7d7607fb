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
    public Task<string> AddAsync(AssemblyKey assembly, DateTimeOffset requestedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var row = KeysOf(assembly);
        row[nameof(AssemblyKey.AccountId)] = assembly.AccountId;
        row[nameof(AssemblyKey.ProjectId)] = assembly.ProjectId;
        row[nameof(AssemblyKey.CloudAssemblyId)] = assembly.CloudAssemblyId;
        row[nameof(UnfinishedDeletion.RequestedAt)] = requestedAt;
        return Races.RetryAsync(
            $"note the deletion of {assembly}",
            async () => await TryClaimAsync(assembly, cancellationToken) ?? (await table.AddEntityAsync(row, cancellationToken)).Version(),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> ClaimAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageErrors.GuardAsync($"go on with the deletion of {assembly}", () => TryClaimAsync(assembly, cancellationToken), cancellationToken);
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
    public Task RemoveAsync(AssemblyKey assembly, string? version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageErrors.GuardAsync(
            $"take the deletion of {assembly} off the list",
            () => Races.UnlessLostAsync(() => table.DeleteEntityAsync(KeysOf(assembly), version is null ? ETag.All : new ETag(version), cancellationToken)),
            cancellationToken);
    }

    private static TableEntity KeysOf(AssemblyKey assembly) => new(Keys.Unfinished.Deletions, Keys.Unfinished.Deletion(assembly));

    // Merging nothing leaves the row as it is, in another version.
    private async Task<string?> TryClaimAsync(AssemblyKey assembly, CancellationToken cancellationToken) =>
        (await Races.UnlessLostAsync(() => table.UpdateEntityAsync(KeysOf(assembly), ETag.All, TableUpdateMode.Merge, cancellationToken)))?.Version();
}
