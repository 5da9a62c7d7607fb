using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
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
    public Task<int?> FindGenerationAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageErrors.GuardAsync<int?>(
            $"read the deletion of {assembly}",
            async () => await table.FindAsync(Keys.Unfinished.Deletions, Keys.Unfinished.Deletion(assembly), cancellationToken) is { } row ? GenerationOf(row) : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> UpdateAsync(UnfinishedDeletion deletion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deletion);
        var row = KeysOf(deletion.Assembly);
        row[nameof(UnfinishedDeletion.Generation)] = deletion.Generation;
        row[nameof(UnfinishedDeletion.OverdueAt)] = deletion.OverdueAt;
        return StorageErrors.GuardAsync($"note what drives the deletion of {deletion.Assembly}", async () => await TryMergeAsync(row, cancellationToken) is not null, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UnfinishedDeletion> ListAsync(Action<UnreadableRow> unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Unfinished.Deletions}");
        await using var pages = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        while (await StorageErrors.GuardAsync("list unfinished deletions", async () => await pages.MoveNextAsync(), cancellationToken))
        {
            foreach (var row in table.ReadEach(pages.Current, Read, unreadable))
                yield return row;
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

    private static UnfinishedDeletion Read(TableEntity row) => new(
        new AssemblyKey(row.LongNumber(nameof(AssemblyKey.AccountId)), row.Text(nameof(AssemblyKey.ProjectId)), row.LongNumber(nameof(AssemblyKey.CloudAssemblyId))),
        row.Time(nameof(UnfinishedDeletion.RequestedAt)),
        GenerationOf(row),
        row.GetDateTimeOffset(nameof(UnfinishedDeletion.OverdueAt)));

    private static TableEntity KeysOf(AssemblyKey assembly) => new(Keys.Unfinished.Deletions, Keys.Unfinished.Deletion(assembly));

    // Merging nothing leaves the row as it is, in another version.
    private Task<string?> TryClaimAsync(AssemblyKey assembly, CancellationToken cancellationToken) => TryMergeAsync(KeysOf(assembly), cancellationToken);

    private async Task<string?> TryMergeAsync(TableEntity row, CancellationToken cancellationToken) =>
        (await Races.UnlessLostAsync(() => table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken)))?.Version();

    private static int GenerationOf(TableEntity row) => row.GetInt32(nameof(UnfinishedDeletion.Generation)) ?? 0;
}
