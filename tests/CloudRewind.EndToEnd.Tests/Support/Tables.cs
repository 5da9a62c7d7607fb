using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>What the app has written, and what only somebody else than the app can write.</summary>
internal sealed class Tables(string connectionString)
{
    private readonly TableServiceClient service = new(connectionString);

    private TableClient Protections => service.GetTableClient(TableLayout.Protections);

    public Task<TableEntity> ProtectionAsync(string id) => Protections.ReadProtectionAsync(id);

    /// <summary>The protections of one assembly.</summary>
    public Task<List<TableEntity>> ProtectionsOfAsync(AssemblyAddress address) =>
        ReadAsync(Protections, TableLayout.Partition(address), "0", ":");

    public Task<List<TableEntity>> TransitionsAsync(string id) => ReadAsync(Protections, "transition", id);

    public Task<List<TableEntity>> InventoryAsync(string id) => ReadAsync(Protections, "resource", id);

    /// <summary>All that the simulated provider holds of a protection: snapshots, and its counts of attempts.</summary>
    public Task<List<TableEntity>> SimulatedAsync(string id) => service.ReadSimulatedAsync(id);

    /// <summary>The names of all tables in the account.</summary>
    public List<string> Names() => [.. service.Query().Select(table => table.Name)];

    /// <summary>The resources of the snapshots that the simulated provider holds of a protection, one for each snapshot.</summary>
    public async Task<IEnumerable<string>> SnapshotsAsync(string id) =>
        (await SimulatedAsync(id)).Where(row => row.ContainsKey("SnapshotId")).Select(row => row.GetString("ResourceId")).Order(StringComparer.Ordinal);

    /// <summary>Whether the watchdog has a protection on its list.</summary>
    public async Task<bool> IsUnfinishedAsync(string id)
    {
        var filter = TableClient.CreateQueryFilter($"Kind eq 'lifecycle' and Subject eq {id}");
        await foreach (var row in service.GetTableClient("WorkList").QueryAsync<TableEntity>(filter))
            return true;
        return false;
    }

    /// <summary>Marks a protection as its assembly's deletion will.</summary>
    public Task MarkAssemblyIsBeingDeletedAsync(string id)
    {
        var (partition, row) = TableLayout.KeysOf(id);
        return Protections.UpdateEntityAsync(new TableEntity(partition, row) { ["AssemblyIsBeingDeleted"] = true }, ETag.All);
    }

    /// <summary>Turns a policy's next due time back, as it is when nothing has run for a while.</summary>
    public Task SetNextDueAsync(AssemblyAddress address, long policyId, DateTimeOffset dueAt) => Protections.UpdateEntityAsync(
        new TableEntity(TableLayout.Partition(address), string.Create(CultureInfo.InvariantCulture, $"policy:{policyId:D19}")) { ["NextDueAt"] = dueAt }, ETag.All);

    /// <summary>Puts a policy into a time zone that the tz database does not have, as a newer version of the app may.</summary>
    public async Task SetTimeZoneAsync(AssemblyAddress address, long policyId, string from, string to)
    {
        var row = (await Protections.GetEntityAsync<TableEntity>(TableLayout.Partition(address), string.Create(CultureInfo.InvariantCulture, $"policy:{policyId:D19}"))).Value;
        row["Schedule"] = row.GetString("Schedule").Replace(from, to, StringComparison.Ordinal);
        await Protections.UpdateEntityAsync(row, row.ETag);
    }

    public Task RevokeAsync(long accountId, string tokenId) => service.GetTableClient("RevokedTokens").UpsertEntityAsync(
        new TableEntity(accountId.ToString(CultureInfo.InvariantCulture), TableLayout.KeyText(tokenId)));

    private static async Task<List<TableEntity>> ReadAsync(TableClient table, string kind, string id)
    {
        var (partition, row) = TableLayout.KeysOf(id);
        return await ReadAsync(table, partition, $"{kind}:{row}:", $"{kind}:{row};");
    }

    private static async Task<List<TableEntity>> ReadAsync(TableClient table, string partition, string from, string to)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}");
        var rows = new List<TableEntity>();
        await foreach (var entity in table.QueryAsync<TableEntity>(filter))
            rows.Add(entity);
        return rows;
    }
}
