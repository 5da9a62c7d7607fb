using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Storage.Changes;
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
            $"PartitionKey eq {Keys.Assemblies.Partition(accountId, projectId)} and RowKey lt {Keys.Assemblies.End} and Status ne {nameof(AssemblyStatus.Deleted)}");
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
        Actor by,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(condition);
        return Races.RetryAsync($"put cloud assembly {key}", async () =>
        {
            var (current, version) = await ReadAsync(key, cancellationToken);
            var result = CloudAssembly.Put(current, key, definition, condition, at, by);
            if (result is PutResult.Accepted accepted)
                await WriteAsync(accepted.Assembly, version, accepted.Change, cancellationToken);
            return result;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<(CloudAssembly Assembly, Change? Change)?> AdvanceDeletionAsync(
        AssemblyKey key, AssemblyStatus status, DateTimeOffset at, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Races.RetryAsync<(CloudAssembly, Change?)?>($"advance the deletion of cloud assembly {key}", async () =>
        {
            var (current, version) = await ReadAsync(key, cancellationToken);
            if (current is null)
                return null;
            var (assembly, change) = current.AdvanceDeletion(status, at, by);
            if (change is not null)
                await WriteAsync(assembly, version, change, cancellationToken);
            return (assembly, change);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Change>> ListChangesAsync(AssemblyKey key, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StorageErrors.GuardAsync(
            $"list the changes of cloud assembly {key}",
            () => ChangeRow.ListAsync(table, Keys.Assemblies.Partition(key), Keys.Assemblies.ChangePrefix(key), take, cancellationToken),
            cancellationToken);
    }

    private Task WriteAsync(CloudAssembly assembly, ETag? version, Change change, CancellationToken cancellationToken)
    {
        var row = AssemblyRow.Create(assembly);
        return table.WriteAsync(
            [
                version is { } read ? new(TableTransactionActionType.UpdateReplace, row, read) : new(TableTransactionActionType.Add, row),
                ChangeRow.Add(row.PartitionKey, Keys.Assemblies.Change(assembly.Key, change.Version), change),
            ],
            cancellationToken);
    }

    private async Task<(CloudAssembly? Assembly, ETag? Version)> ReadAsync(AssemblyKey key, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Assemblies.Partition(key), Keys.Assemblies.Assembly(key), cancellationToken) is { } row
            ? (AssemblyRow.Read(key, row), row.ETag)
            : (null, null);
}
