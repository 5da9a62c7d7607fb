using System.Globalization;
using Azure.Data.Tables;

namespace CloudRewind.Chaos.Faults;

/// <summary>Rows that no version of the app has written, in the lists that its timers read.</summary>
internal sealed class UnreadableRows(string connectionString)
{
    private const int DuePartitions = 16;
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TableServiceClient tables = new(connectionString);
    private readonly List<(TableClient Table, TableEntity Row)> written = [];

    /// <summary>Writes one of each kind into each partition.</summary>
    /// <returns>How many there are.</returns>
    public async Task<int> WriteAsync()
    {
        var (work, due) = (tables.GetTableClient("WorkList"), tables.GetTableClient("DuePolicies"));
        var first = string.Create(CultureInfo.InvariantCulture, $"{LongAgo.ToUnixTimeMilliseconds():D15}:");
        for (var number = 0; number < DuePartitions; number++)
        {
            var partition = number.ToString("D2", CultureInfo.InvariantCulture);
            await AddAsync(work, new TableEntity(partition, NewKey(first)));
            await AddAsync(work, new TableEntity(partition, NewKey(first)) { ["Kind"] = "lifecycle", ["Subject"] = "no id" });
            await AddAsync(work, new TableEntity(partition, NewKey(first)) { ["Kind"] = 7, ["Subject"] = 7, ["DueAt"] = "never" });
            await AddAsync(due, new TableEntity(partition, NewKey(first)));
            await AddAsync(due, new TableEntity(partition, NewKey(first))
            {
                ["AccountId"] = "one",
                ["ProjectId"] = 1,
                ["PolicyId"] = "three",
                ["DueAt"] = "never",
            });
        }

        return written.Count;
    }

    /// <summary>Takes out those that the app has left.</summary>
    public async Task RemoveAsync()
    {
        foreach (var (table, row) in written)
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
    }

    private async Task AddAsync(TableClient table, TableEntity row)
    {
        await table.AddEntityAsync(row);
        written.Add((table, row));
    }

    private static string NewKey(string first) => $"{first}{Guid.NewGuid():N}";
}
