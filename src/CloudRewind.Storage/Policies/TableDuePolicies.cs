using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Policies;

/// <summary>Keeps the table <c>DuePolicies</c>: a few partitions, each with the earliest first, so that what is due is a range at the beginning of each.</summary>
public sealed class TableDuePolicies(StorageTables tables) : IDuePolicies
{
    private const string DueAt = nameof(DuePolicy.DueAt);

    private readonly TableClient table = tables.DuePolicies;

    /// <inheritdoc/>
    public Task AddAsync(PolicyKey key, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var row = new TableEntity(Keys.Due.Partition(key), Keys.Due.Policy(key, dueAt))
        {
            [nameof(AssemblyKey.AccountId)] = key.Assembly.AccountId,
            [nameof(AssemblyKey.ProjectId)] = key.Assembly.ProjectId,
            [nameof(AssemblyKey.CloudAssemblyId)] = key.Assembly.CloudAssemblyId,
            [nameof(PolicyKey.PolicyId)] = key.PolicyId,
            [DueAt] = dueAt,
        };
        return StorageErrors.GuardAsync(
            $"say when protection policy {key} is due", () => table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DuePolicy> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        table.ListDueAsync(now, Read, unreadable, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DuePolicy> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        table.ListAfterAsync(after, Read, unreadable, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(DuePolicy due, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(due);
        // One that somebody has written again since is still due.
        return StorageErrors.GuardAsync(
            $"note that protection policy {due.Key} was looked at",
            () => Races.UnlessLostAsync(() => table.DeleteEntityAsync(Keys.Due.Partition(due.Key), Keys.Due.Policy(due.Key, due.DueAt), new ETag(due.Version), cancellationToken)),
            cancellationToken);
    }

    private static DuePolicy Read(TableEntity row) => new(
        new PolicyKey(
            new AssemblyKey(row.LongNumber(nameof(AssemblyKey.AccountId)), row.Text(nameof(AssemblyKey.ProjectId)), row.LongNumber(nameof(AssemblyKey.CloudAssemblyId))),
            row.LongNumber(nameof(PolicyKey.PolicyId))),
        row.Time(DueAt),
        row.ETag.ToString());
}
