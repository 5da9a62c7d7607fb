using Azure.Data.Tables;
using CloudRewind.Domain.Changes;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Changes;

/// <summary>A change as a row beside the row that it changed; written once.</summary>
internal static class ChangeRow
{
    private const string Column = nameof(Change);

    public static TableTransactionAction Add(string partitionKey, string rowKey, Change change)
    {
        var row = new TableEntity(partitionKey, rowKey);
        row.WriteJson(Column, change);
        return new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    /// <summary>The changes whose row keys begin with a prefix, newest first.</summary>
    public static async Task<IReadOnlyList<Change>> ListAsync(TableClient table, string partitionKey, string prefix, int take, CancellationToken cancellationToken)
    {
        var (rows, _) = await table.PageAsync(TableReads.PrefixFilter(partitionKey, prefix), skip: 0, take, cancellationToken);
        return [.. rows.Select(row => row.ReadJson<Change>(Column)!)];
    }
}
