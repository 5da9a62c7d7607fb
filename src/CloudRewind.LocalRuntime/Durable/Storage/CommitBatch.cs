using Azure;
using Azure.Data.Tables;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>
/// Rows of one partition that belong together. What does not fit into one transaction is written before it: rows that
/// nothing counts yet. The last transaction holds the row that counts them.
/// </summary>
internal sealed class CommitBatch(TableClient table, string partition)
{
    private const int MaxRows = 100;

    // A transaction holds up to 4 MiB. A character takes up to 6 bytes on the way; the rows of a text up to 450,000 of them.
    private const int MaxCharacters = 600_000;
    private const int MaxTextRows = 50;

    private readonly List<TableTransactionAction> _actions = [];
    private int _characters;

    /// <summary>Removes rows, whether or not they are there.</summary>
    public static async Task DeleteAsync(TableClient table, string partition, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        foreach (var some in keys.Chunk(MaxRows))
        {
            if (some is [var single])
            {
                await table.DeleteEntityAsync(partition, single, ETag.All, cancellationToken);
                continue;
            }

            try
            {
                var deletions = some.Select(k => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, k), ETag.All));
                await table.SubmitTransactionAsync(deletions, cancellationToken);
            }
            catch (TableTransactionFailedException e) when (e.Status == 404)
            {
                foreach (var key in some)
                    await table.DeleteEntityAsync(partition, key, ETag.All, cancellationToken);
            }
        }
    }

    /// <summary>Adds a text; where there is no room left, what was added before is written now.</summary>
    public async Task AddTextAsync(string key, string text, CancellationToken cancellationToken)
    {
        // The first row of a text last: a reader that finds it finds the others.
        foreach (var row in TextRows.Write(partition, key, text).Reverse())
        {
            var length = row.Sum(property => (property.Value as string)?.Length ?? 0);
            if (_actions.Count > 0 && (_characters + length > MaxCharacters || _actions.Count >= MaxTextRows))
                await SendAsync(cancellationToken);
            _characters += length;
            _actions.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
        }
    }

    /// <summary>Writes what was added.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        await table.SubmitTransactionAsync(_actions, cancellationToken);
        _actions.Clear();
        _characters = 0;
    }

    /// <summary>Writes what was added together with the instance's row, and answers with that row's tag.</summary>
    /// <param name="row">The row.</param>
    /// <param name="replaces">The tag of the row that it replaces; null when there must be none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ETag> SendAsync(InstanceRow row, ETag? replaces, CancellationToken cancellationToken)
    {
        _actions.Add(replaces is { } tag
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row.ToEntity(), tag)
            : new TableTransactionAction(TableTransactionActionType.Add, row.ToEntity()));
        var responses = await table.SubmitTransactionAsync(_actions, cancellationToken);
        return responses.Value[^1].Headers.ETag ?? throw new InvalidOperationException("The store gave no tag for a row that it wrote.");
    }
}
