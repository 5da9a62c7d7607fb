using System.Runtime.CompilerServices;
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
    public IAsyncEnumerable<DuePolicy> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken)
    {
        var end = Keys.Due.After(now);
        return ListAsync(partition => TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {end}"), unreadable, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DuePolicy> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken)
    {
        var start = Keys.Due.After(after);
        return ListAsync(partition => TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {start}"), unreadable, cancellationToken);
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

    private async IAsyncEnumerable<DuePolicy> ListAsync(
        Func<string, string> filter, Action<UnreadableRow> unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(unreadable);
        var partitions = Keys.Due.Partitions.Select(partition => FirstPageAsync(filter(partition), cancellationToken)).ToList();
        foreach (var first in partitions)
        {
            var (page, rest) = await first;
            await using (rest)
            {
                while (page is not null)
                {
                    foreach (var row in table.ReadEach(page, Read, unreadable))
                        yield return row;
                    page = await NextAsync(rest, cancellationToken);
                }
            }
        }
    }

    // All partitions are asked at once.
    private async Task<(Page<TableEntity>? Page, IAsyncEnumerator<Page<TableEntity>> Pages)> FirstPageAsync(string filter, CancellationToken cancellationToken)
    {
        var pages = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        return (await NextAsync(pages, cancellationToken), pages);
    }

    private static Task<Page<TableEntity>?> NextAsync(IAsyncEnumerator<Page<TableEntity>> pages, CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync("list what protection policies are due", async () => await pages.MoveNextAsync() ? pages.Current : null, cancellationToken);

    private static DuePolicy Read(TableEntity row) => new(
        new PolicyKey(
            new AssemblyKey(row.LongNumber(nameof(AssemblyKey.AccountId)), row.Text(nameof(AssemblyKey.ProjectId)), row.LongNumber(nameof(AssemblyKey.CloudAssemblyId))),
            row.LongNumber(nameof(PolicyKey.PolicyId))),
        row.Time(DueAt),
        row.ETag.ToString());
}
