using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>
/// Entity-group transactions that recognize their own rows. The client repeats a request whose answer was lost; the repetition is
/// then refused because of what the first request has written, which is not a lost race.
/// </summary>
internal static class ConditionalWrites
{
    private const string WriteId = nameof(WriteId);

    /// <summary>
    /// Writes rows under the versions that they were read in, all or none. Every row carries an id that no other transaction has.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="writes">
    /// Rows of one partition. The last one that is no deletion tells whether the transaction is done: where there is a row that is
    /// written once, such as a transition, it comes last, since others cannot overwrite it.
    /// </param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>
    /// The version of each row, in the order of <paramref name="writes"/>; null where the row is deleted, or another writer has already
    /// written it again.
    /// </returns>
    /// <exception cref="StoreLimitException">A row is too large.</exception>
    /// <exception cref="RequestFailedException">Another writer was first: <see cref="Races.IsLostRace"/>. Nothing is written.</exception>
    public static async Task<IReadOnlyList<string?>> WriteAsync(
        this TableClient table, IReadOnlyList<TableTransactionAction> writes, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var rows = writes
            .Where(write => write.ActionType != TableTransactionActionType.Delete)
            .Select(write => (TableEntity)write.Entity)
            .ToList();
        foreach (var row in rows)
        {
            row[WriteId] = id;
            EntitySize.Check(row);
        }

        try
        {
            var answers = await table.SubmitTransactionAsync(writes, cancellationToken);
            return [.. answers.Value.Select(answer => answer.Headers.ETag?.ToString())];
        }
        catch (RequestFailedException error) when (error.IsLostRace())
        {
            if (rows is not [.., var last] || await OwnVersionAsync(last) is null)
                throw;
        }

        List<string?> versions = [];
        foreach (var write in writes)
            versions.Add(await OwnVersionAsync(write.Entity));
        return versions;

        async Task<string?> OwnVersionAsync(ITableEntity row) =>
            await table.FindAsync(row.PartitionKey, row.RowKey, cancellationToken) is { } stored && stored.GetString(WriteId) == id
                ? stored.ETag.ToString()
                : null;
    }
}
