using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
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
    public async IAsyncEnumerable<DuePolicy> ListDueAsync(DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var partitions = Keys.Due.Partitions.Select(partition => FirstPageAsync(partition, now, cancellationToken)).ToList();
        foreach (var first in partitions)
        {
            var (page, rest) = await first;
            await using (rest)
            {
                while (page is not null)
                {
                    foreach (var row in page.Values)
                        yield return Read(row);
                    page = await NextAsync(rest, cancellationToken);
                }
            }
        }
    }

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

    // All partitions are asked at once.
    private async Task<(Page<TableEntity>? Page, IAsyncEnumerator<Page<TableEntity>> Pages)> FirstPageAsync(string partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {Keys.Due.After(now)}");
        var pages = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        return (await NextAsync(pages, cancellationToken), pages);
    }

    private static Task<Page<TableEntity>?> NextAsync(IAsyncEnumerator<Page<TableEntity>> pages, CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync("list what protection policies are due", async () => await pages.MoveNextAsync() ? pages.Current : null, cancellationToken);

    private static DuePolicy Read(TableEntity row) => new(
        new PolicyKey(
            new AssemblyKey(Number(row, nameof(AssemblyKey.AccountId)), row.Text(nameof(AssemblyKey.ProjectId)), Number(row, nameof(AssemblyKey.CloudAssemblyId))),
            Number(row, nameof(PolicyKey.PolicyId))),
        row.Time(DueAt),
        row.ETag.ToString());

    private static long Number(TableEntity row, string column) =>
        row.GetInt64(column) ?? throw new InvalidDataException($"The row '{row.RowKey}' of partition '{row.PartitionKey}' has no column '{column}'.");
}
