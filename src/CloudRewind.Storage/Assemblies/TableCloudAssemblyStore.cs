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
    public Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StorageErrors.GuardAsync($"read cloud assembly {key}", async () => (await ReadAsync(key, cancellation)).Assembly, cancellation);
    }

    /// <inheritdoc/>
    public Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(projectId);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {Keys.Assemblies.Partition(accountId, projectId)} and Status ne {nameof(AssemblyStatus.Deleted)}");
        return StorageErrors.GuardAsync($"list the cloud assemblies of {accountId}:{projectId}", async () =>
        {
            var (rows, total) = await table.PageAsync(filter, skip, take, cancellation);
            return new CloudAssemblyPage([.. rows.Select(row => AssemblyRow.Read(AssemblyRow.ReadKey(accountId, projectId, row), row))], total);
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(
        AssemblyKey key,
        AssemblyDefinition definition,
        Predicate<CloudAssembly?> condition,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(condition);
        return Races.RetryAsync($"put cloud assembly {key}", async () =>
        {
            var (current, version) = await ReadAsync(key, cancellation);
            var result = CloudAssembly.Put(current, key, definition, condition, at);
            if (result is PutResult.Accepted accepted)
                await WriteAsync(accepted.Assembly, version, cancellation);
            return result;
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<CloudAssembly?> AdvanceDeletionAsync(AssemblyKey key, AssemblyStatus status, DateTimeOffset at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Races.RetryAsync($"advance the deletion of cloud assembly {key}", async () =>
        {
            var (current, version) = await ReadAsync(key, cancellation);
            var next = current?.AdvanceDeletion(status, at);
            if (next is not null && next != current)
                await WriteAsync(next, version, cancellation);
            return next;
        }, cancellation);
    }

    private Task WriteAsync(CloudAssembly assembly, ETag? version, CancellationToken cancellation) =>
        version is { } read
            ? table.UpdateEntityAsync(AssemblyRow.Create(assembly), read, TableUpdateMode.Replace, cancellation)
            : table.AddEntityAsync(AssemblyRow.Create(assembly), cancellation);

    private async Task<(CloudAssembly? Assembly, ETag? Version)> ReadAsync(AssemblyKey key, CancellationToken cancellation) =>
        await table.FindAsync(Keys.Assemblies.Partition(key), Keys.Assemblies.Assembly(key), cancellation) is { } row
            ? (AssemblyRow.Read(key, row), row.ETag)
            : (null, null);
}
