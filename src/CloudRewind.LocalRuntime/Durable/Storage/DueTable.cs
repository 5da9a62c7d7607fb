using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>A row that says: look at this instance, at or after this time.</summary>
/// <param name="Key">The row's key, which sorts by time.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="At">When, in UTC; <see cref="DateTime.MinValue"/> means now.</param>
internal sealed record DueRow(string Key, string InstanceId, DateTime At);

/// <summary>
/// Which instances have work to do. A row is written before the work that it stands for and removed after it is done, so
/// that a start needs to read the rows that are due, and no others; a row that was left over costs one look.
/// </summary>
internal sealed class DueTable(HubTables tables)
{
    private const string Partition = "due";

    /// <summary>The row for work that is due at a time.</summary>
    public static DueRow RowAt(string instanceId, DateTime at) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{at.Ticks:D19}_{KeyText.Encode(instanceId)}"), instanceId, at);

    /// <summary>The row for work that is due now.</summary>
    public static DueRow RowNow(string instanceId) => RowAt(instanceId, DateTime.MinValue);

    public Task AddAsync(DueRow row, CancellationToken cancellationToken) => tables.Control.UpsertEntityAsync(
        new TableEntity(Partition, row.Key) { ["InstanceId"] = row.InstanceId, ["At"] = row.At.Ticks }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>Removes a row, whether or not it is there.</summary>
    public Task RemoveAsync(string key, CancellationToken cancellationToken) =>
        tables.Control.DeleteEntityAsync(Partition, key, ETag.All, cancellationToken);

    /// <summary>The rows that are due before a time.</summary>
    public async Task<List<DueRow>> ReadAsync(DateTime until, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey lt {until.Ticks.ToString("D19", CultureInfo.InvariantCulture)}");
        var rows = new List<DueRow>();
        await foreach (var row in tables.Control.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            rows.Add(new DueRow(row.RowKey, row.GetString("InstanceId"), new DateTime(row.GetInt64("At") ?? 0, DateTimeKind.Utc)));
        return rows;
    }
}
