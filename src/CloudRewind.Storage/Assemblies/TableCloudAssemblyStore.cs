using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Assemblies;

/// <summary>Keeps assemblies in the table <c>CloudAssemblies</c>; a partition is one project of one account.</summary>
public sealed class TableCloudAssemblyStore(StorageTables tables) : ICloudAssemblyStore
{
    private readonly TableClient table = tables.CloudAssemblies;

    /// <inheritdoc/>
    public Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StorageErrors.GuardAsync($"read cloud assembly {key}", async () => (await ReadAsync(key, cancellationToken)).Assembly, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(projectId);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {Keys.Assemblies.Partition(accountId, projectId)} and Status ne {nameof(AssemblyStatus.Deleted)}");
        return StorageErrors.GuardAsync($"list the cloud assemblies of {accountId}:{projectId}", async () =>
        {
            var (rows, total) = await table.PageAsync(filter, skip, take, cancellationToken);
            return new CloudAssemblyPage([.. rows.Select(row => AssemblyRow.Read(AssemblyRow.ReadKey(accountId, projectId, row), row))], total);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(
        AssemblyKey key,
        AssemblyDefinition definition,
        Predicate<CloudAssembly?> condition,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(condition);
        return Races.RetryAsync($"put cloud assembly {key}", async () =>
        {
            var (current, version) = await ReadAsync(key, cancellationToken);
            var result = CloudAssembly.Put(current, key, definition, condition, at);
            if (result is PutResult.Accepted accepted)
                await WriteAsync(accepted.Assembly, version, cancellationToken);
            return result;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CloudAssembly?> AdvanceDeletionAsync(AssemblyKey key, AssemblyStatus status, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Races.RetryAsync($"advance the deletion of cloud assembly {key}", async () =>
        {
            var (current, version) = await ReadAsync(key, cancellationToken);
            var next = current?.AdvanceDeletion(status, at);
            if (next is not null && next != current)
                await WriteAsync(next, version, cancellationToken);
            return next;
        }, cancellationToken);
    }

    private Task WriteAsync(CloudAssembly assembly, ETag? version, CancellationToken cancellationToken) =>
        version is { } read
            ? table.UpdateEntityAsync(AssemblyRow.Create(assembly), read, TableUpdateMode.Replace, cancellationToken)
            : table.AddEntityAsync(AssemblyRow.Create(assembly), cancellationToken);

    private async Task<(CloudAssembly? Assembly, ETag? Version)> ReadAsync(AssemblyKey key, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Assemblies.Partition(key), Keys.Assemblies.Assembly(key), cancellationToken) is { } row
            ? (AssemblyRow.Read(key, row), row.ETag)
            : (null, null);
}
