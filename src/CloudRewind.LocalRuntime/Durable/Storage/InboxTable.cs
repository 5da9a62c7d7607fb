using Azure.Data.Tables;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>
/// Messages that no turn has received yet, of all instances: a start reads them all. A row is removed after the commit of
/// the turn that received it; one that was left over is known by its key, which the history holds.
/// </summary>
internal sealed class InboxTable(HubTables tables)
{
    private const string Partition = "inbox";

    /// <summary>Stores a message; one that is there stays the same.</summary>
    public async Task AddAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var batch = new CommitBatch(tables.Control, Partition);
        await batch.AddTextAsync(KeyOf(message), DurableJson.Store(message), cancellationToken);
        await batch.SendAsync(cancellationToken);
    }

    /// <summary>Removes messages, whether or not they are there.</summary>
    public async Task RemoveAsync(IEnumerable<InboxMessage> messages, CancellationToken cancellationToken)
    {
        var keys = messages.SelectMany(m => TextRows.KeysOf(KeyOf(m), DurableJson.Store(m)));
        await CommitBatch.DeleteAsync(tables.Control, Partition, keys, cancellationToken);
    }

    /// <summary>All messages, in the order of their keys.</summary>
    public async Task<IReadOnlyList<InboxMessage>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in tables.Control.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            rows[row.RowKey] = row;
        return [.. rows.Keys.Where(TextRows.IsFirst).Select(k => TextRows.Read(k, rows)).OfType<string>().Select(DurableJson.Restore<InboxMessage>)];
    }

    private static string KeyOf(InboxMessage message) => $"{message.Key}_{KeyText.Encode(message.InstanceId)}";
}
