using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>
/// Rows that are keyed by a time, the earliest first, in a fixed number of partitions. What is due is a range at the beginning of each partition, so that
/// reading it costs the same however many rows there are.
/// </summary>
internal static class DueRows
{
    private const int PartitionCount = 16;

    // Sorts after every digit, and before the letter that other rows of such a table begin with.
    private const string End = ":";

    private static IEnumerable<string> Partitions => Enumerable.Range(0, PartitionCount).Select(Partition);

    /// <summary>The partition of a subject.</summary>
    public static string Partition(string subject) => Partition(Convert.ToInt32(Digest.Sha256Hex(subject)[..4], 16) % PartitionCount);

    /// <summary>The row key of a subject that is due.</summary>
    public static string Key(DateTimeOffset dueAt, string subject) => FormattableString.Invariant($"{dueAt.ToUnixTimeMilliseconds():D15}:{subject}");

    /// <summary>The rows that are due.</summary>
    public static IAsyncEnumerable<T> ListDueAsync<T>(
        this TableClient table, DateTimeOffset now, Func<TableEntity, T> read, Action<UnreadableRow> unreadable, CancellationToken cancellationToken)
        where T : class
    {
        var end = After(now);
        return ListAsync(
            table, partition => TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {end}"), read, unreadable, cancellationToken);
    }

    /// <summary>The rows that are due after an instant.</summary>
    public static IAsyncEnumerable<T> ListAfterAsync<T>(
        this TableClient table, DateTimeOffset after, Func<TableEntity, T> read, Action<UnreadableRow> unreadable, CancellationToken cancellationToken)
        where T : class
    {
        var start = After(after);
        return ListAsync(
            table,
            partition => TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {start} and RowKey lt {End}"),
            read,
            unreadable,
            cancellationToken);
    }

    private static string After(DateTimeOffset time) => FormattableString.Invariant($"{time.ToUnixTimeMilliseconds() + 1:D15}");

    private static string Partition(int number) => FormattableString.Invariant($"{number:D2}");

    private static async IAsyncEnumerable<T> ListAsync<T>(
        TableClient table,
        Func<string, string> filter,
        Func<TableEntity, T> read,
        Action<UnreadableRow> unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(unreadable);
        var partitions = Partitions.Select(partition => FirstPageAsync(table, filter(partition), cancellationToken)).ToList();
        foreach (var first in partitions)
        {
            var (page, rest) = await first;
            await using (rest)
            {
                while (page is not null)
                {
                    foreach (var row in table.ReadEach(page, read, unreadable))
                        yield return row;
                    page = await NextAsync(table, rest, cancellationToken);
                }
            }
        }
    }

    // All partitions are asked at once.
    private static async Task<(Page<TableEntity>? Page, IAsyncEnumerator<Page<TableEntity>> Pages)> FirstPageAsync(
        TableClient table, string filter, CancellationToken cancellationToken)
    {
        var pages = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        return (await NextAsync(table, pages, cancellationToken), pages);
    }

    private static Task<Page<TableEntity>?> NextAsync(TableClient table, IAsyncEnumerator<Page<TableEntity>> pages, CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync($"list what is due in {table.Name}", async () => await pages.MoveNextAsync() ? pages.Current : null, cancellationToken);
}
