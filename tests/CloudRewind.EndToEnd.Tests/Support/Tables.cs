using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>What the app has written, and what only somebody else than the app can write. Spells out the layout of its tables.</summary>
internal sealed partial class Tables(string connectionString)
{
    private readonly TableServiceClient service = new(connectionString);

    private TableClient Protections => service.GetTableClient("Protections");

    public async Task<TableEntity> ProtectionAsync(string id)
    {
        var (partition, row) = KeysOf(id);
        return await Protections.GetEntityAsync<TableEntity>(partition, row);
    }

    /// <summary>The protections of one assembly.</summary>
    public Task<List<TableEntity>> ProtectionsOfAsync(AssemblyAddress address) =>
        ReadAsync(Protections, PartitionOf(address), "0", ":");

    public Task<List<TableEntity>> TransitionsAsync(string id) => ReadAsync(Protections, "transition", id);

    public Task<List<TableEntity>> InventoryAsync(string id) => ReadAsync(Protections, "resource", id);

    /// <summary>All that the simulated provider holds of a protection: snapshots, and its counts of attempts.</summary>
    public Task<List<TableEntity>> SimulatedAsync(string id) =>
        ReadAsync(service.GetTableClient("SimulatedSnapshots"), KeyText(id), "0", "g");

    /// <summary>The resources of the snapshots that the simulated provider holds of a protection, one for each snapshot.</summary>
    public async Task<IEnumerable<string>> SnapshotsAsync(string id) =>
        (await SimulatedAsync(id)).Where(row => row.ContainsKey("SnapshotId")).Select(row => row.GetString("ResourceId")).Order(StringComparer.Ordinal);

    /// <summary>Whether the watchdog has a protection on its list.</summary>
    public async Task<bool> IsUnfinishedAsync(string id) =>
        (await service.GetTableClient("UnfinishedProtections").GetEntityIfExistsAsync<TableEntity>("unfinished", KeyText(id))).HasValue;

    /// <summary>Marks a protection as its assembly's deletion will.</summary>
    public Task MarkAssemblyIsBeingDeletedAsync(string id)
    {
        var (partition, row) = KeysOf(id);
        return Protections.UpdateEntityAsync(new TableEntity(partition, row) { ["AssemblyIsBeingDeleted"] = true }, ETag.All);
    }

    /// <summary>Turns a policy's next due time back, as it is when nothing has run for a while.</summary>
    public Task SetNextDueAsync(AssemblyAddress address, long policyId, DateTimeOffset dueAt) => Protections.UpdateEntityAsync(
        new TableEntity(PartitionOf(address), string.Create(CultureInfo.InvariantCulture, $"policy:{policyId:D19}")) { ["NextDueAt"] = dueAt }, ETag.All);

    public Task RevokeAsync(long accountId, string tokenId) => service.GetTableClient("RevokedTokens").UpsertEntityAsync(
        new TableEntity(accountId.ToString(CultureInfo.InvariantCulture), KeyText(tokenId)));

    private static async Task<List<TableEntity>> ReadAsync(TableClient table, string kind, string id)
    {
        var (partition, row) = KeysOf(id);
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

    private static (string Partition, string Row) KeysOf(string id)
    {
        var match = IdForm().Match(id);
        Assert.True(match.Success, $"'{id}' is not the id of a protection.");
        var (account, project, assembly) = (Number(1), match.Groups[2].Value, Number(3));
        return (
            PartitionOf(new AssemblyAddress(account, project, assembly)),
            string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - Number(5):D19}-{Number(4)}"));

        long Number(int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static string PartitionOf(AssemblyAddress address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.AccountId}:{KeyText(address.ProjectId)}:{address.CloudAssemblyId}");

    // Letters, digits, '-', '_' and '.' as they are, every other byte of the UTF-8 as '=XX'; what is long ends in the text's digest.
    private static string KeyText(string text)
    {
        const int Longest = 200, Kept = 100;
        var key = string.Concat(Encoding.UTF8.GetBytes(text).Select(b => char.IsAsciiLetterOrDigit((char)b) || (char)b is '-' or '_' or '.' ? $"{(char)b}" : $"={b:X2}"));
        return key.Length <= Longest ? key : $"{key[..Kept]}=~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }

    [GeneratedRegex(@"\At(\d+):(.+):(\d+):(\d+):(\d+)\z", RegexOptions.Singleline)]
    private static partial Regex IdForm();
}
