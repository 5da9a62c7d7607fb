using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Assemblies;

/// <summary>Keeps assemblies in the table <c>CloudAssemblies</c>; a partition is one project of one account.</summary>
public sealed class TableCloudAssemblyStore(StorageTables tables) : ICloudAssemblyStore
{
    private const int MostAttempts = 10;

    private readonly TableClient table = tables.CloudAssemblies;

    /// <inheritdoc/>
    public Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StorageFaults.GuardAsync($"read cloud assembly {key}", async () => (await ReadAsync(key, cancellation)).Assembly, cancellation);
    }

    /// <inheritdoc/>
    public Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(projectId);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {AssemblyRow.Partition(accountId, projectId)} and Status ne {nameof(AssemblyStatus.Deleted)}");
        return StorageFaults.GuardAsync($"list the cloud assemblies of {accountId}:{projectId}", async () =>
        {
            var (rows, total) = await table.PageAsync(filter, skip, take, cancellation);
            return new CloudAssemblyPage([.. rows.Select(row => AssemblyRow.Read(AssemblyRow.ReadKey(accountId, projectId, row), row))], total);
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<CloudAssembly?> PutAsync(
        AssemblyKey key,
        AssemblyDefinition definition,
        Predicate<CloudAssembly?> condition,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(condition);
        return WriteAsync(
            key,
            current => condition(current) && current?.Definition.Status.IsBeyondUse() is not true
                ? new CloudAssembly(key, definition, current?.CreatedAt ?? at, at, (current?.Version ?? 0) + 1)
                : null,
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<CloudAssembly?> AdvanceDeletionAsync(AssemblyKey key, AssemblyStatus status, DateTimeOffset at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!status.IsBeyondUse())
            throw new ArgumentOutOfRangeException(nameof(status), status, "Not a state of an assembly that is being deleted.");
        return await WriteAsync(
                key,
                current => current is not null && current.Definition.Status < status
                    ? current with { Definition = current.Definition with { Status = status }, UpdatedAt = at, Version = current.Version + 1 }
                    : null,
                cancellation)
            ?? await FindAsync(key, cancellation);
    }

    private Task<CloudAssembly?> WriteAsync(AssemblyKey key, Func<CloudAssembly?, CloudAssembly?> change, CancellationToken cancellation) =>
        StorageFaults.GuardAsync($"write cloud assembly {key}", async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                var (current, version) = await ReadAsync(key, cancellation);
                if (change(current) is not { } next)
                    return null;
                try
                {
                    if (current is null)
                        await table.AddEntityAsync(AssemblyRow.Create(next), cancellation);
                    else
                        await table.UpdateEntityAsync(AssemblyRow.Create(next), version, TableUpdateMode.Replace, cancellation);
                    return next;
                }
                catch (RequestFailedException error) when (error.IsLostRace() && attempt < MostAttempts)
                {
                    // Somebody else wrote first: what is there now decides.
                }
            }
        }, cancellation);

    private async Task<(CloudAssembly? Assembly, ETag Version)> ReadAsync(AssemblyKey key, CancellationToken cancellation) =>
        await table.FindAsync(AssemblyRow.Partition(key), AssemblyRow.RowKey(key), cancellation) is { } row
            ? (AssemblyRow.Read(key, row), row.ETag)
            : (null, default);
}
