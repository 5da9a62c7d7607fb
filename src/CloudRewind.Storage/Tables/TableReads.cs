using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>Reads that tell a missing row from a missing table.</summary>
internal static class TableReads
{
    private const string ErrorCodeHeader = "x-ms-error-code";

    /// <summary>One row by its keys: one point read.</summary>
    /// <returns>Null where there is no such row.</returns>
    /// <exception cref="RequestFailedException">Anything but "no such row", a missing table included: that is not an answer about the row.</exception>
    public static async Task<TableEntity?> FindAsync(this TableClient table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, cancellationToken: cancellationToken);
        if (found.HasValue)
            return found.Value;

        var response = found.GetRawResponse();
        return response.Headers.TryGetValue(ErrorCodeHeader, out var code) && code == "TableNotFound"
            ? throw new RequestFailedException(response)
            : null;
    }

    /// <summary>As <see cref="FindAsync"/>, for a client that waits: with the shorter of the deadlines.</summary>
    public static async Task<TableEntity?> LookUpAsync(this TableClient table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        using var lookup = CallDeadline.BeginLookup();
        return await table.FindAsync(partitionKey, rowKey, cancellationToken);
    }

    /// <summary>The rows of one partition whose keys begin with a prefix, in the order of their keys.</summary>
    public static AsyncPageable<TableEntity> FindByPrefix(this TableClient table, string partitionKey, string prefix, CancellationToken cancellationToken) =>
        table.QueryAsync<TableEntity>(PrefixFilter(partitionKey, prefix), cancellationToken: cancellationToken);

    /// <summary>What the rows of one partition match whose keys begin with a prefix.</summary>
    public static string PrefixFilter(string partitionKey, string prefix)
    {
        var end = prefix[..^1] + (char)(prefix[^1] + 1);
        return TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {prefix} and RowKey lt {end}");
    }

    /// <summary>What each row of a page says. One that cannot be read is reported and left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="page">The rows.</param>
    /// <param name="read">Reads one, and throws where it cannot.</param>
    /// <param name="unreadable">Is told of each that cannot be read.</param>
    public static IEnumerable<T> ReadEach<T>(this TableClient table, Page<TableEntity> page, Func<TableEntity, T> read, Action<UnreadableRow> unreadable)
        where T : class
    {
        foreach (var row in page.Values)
        {
            T? item = null;
            try
            {
                item = read(row);
            }
            catch (Exception error)
            {
                unreadable(new UnreadableRow(table.Name, row.PartitionKey, row.RowKey, error));
            }

            if (item is not null)
                yield return item;
        }
    }

    /// <summary>A part of the rows that match a filter, in the order of their keys.</summary>
    /// <returns>The rows, and how many there are in all; null where there are more than were read.</returns>
    public static async Task<(List<TableEntity> Rows, int? Total)> PageAsync(this TableClient table, string filter, int skip, int take, CancellationToken cancellationToken)
    {
        const int MaxRowsPerPage = 1_000; // Table Storage gives no more at once
        var rows = new List<TableEntity>();
        var read = 0;
        var wanted = (long)skip + take;
        await foreach (var row in table.QueryAsync<TableEntity>(filter, (int)Math.Min(wanted + 1, MaxRowsPerPage), cancellationToken: cancellationToken))
        {
            if (read == wanted)
                return (rows, null);
            if (read++ >= skip)
                rows.Add(row);
        }

        return (rows, read);
    }

    /// <summary>
    /// A part of the rows that match a filter, in the opposite order of their keys. Table Storage knows one order only: the keys of all
    /// of them are read, and counted, but only the rows of that part are read whole.
    /// </summary>
    /// <returns>The rows, and how many there are in all.</returns>
    public static async Task<(List<TableEntity> Rows, int? Total)> PageFromEndAsync(this TableClient table, string filter, int skip, int take, CancellationToken cancellationToken)
    {
        List<(string? Token, int First)> pages = [];
        string? token = null;
        var total = 0;
        await foreach (var page in table.QueryAsync<TableEntity>(filter, select: [nameof(TableEntity.RowKey)], cancellationToken: cancellationToken).AsPages())
        {
            pages.Add((token, total));
            total += page.Values.Count;
            token = page.ContinuationToken;
        }

        var (first, end) = (Math.Max(0, total - (long)skip - take), total - (long)skip);
        if (end <= first)
            return ([], total);

        List<TableEntity> rows = [];
        var (start, read) = pages.FindLast(page => page.First <= first);
        await foreach (var page in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages(start))
        {
            rows.AddRange(page.Values.Where((_, at) => read + at >= first && read + at < end));
            read += page.Values.Count;
            if (read >= end)
                break;
        }

        rows.Reverse();
        return (rows, total);
    }
}
