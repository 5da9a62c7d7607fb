using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>What the tables say of one assembly.</summary>
internal sealed class Ledger
{
    private readonly List<TableEntity> rows;

    /// <param name="assembly">The assembly.</param>
    /// <param name="definition">Its own row.</param>
    /// <param name="rows">The rows of its partition, in the order of their keys.</param>
    public Ledger(AssemblyAddress assembly, TableEntity? definition, List<TableEntity> rows) =>
        (Assembly, Definition, this.rows) = (assembly, definition, rows);

    public AssemblyAddress Assembly { get; }

    /// <summary>The assembly's own row.</summary>
    public TableEntity? Definition { get; }

    /// <summary>Whether a request to delete it was accepted.</summary>
    public bool IsToBeDeleted =>
        Summary?.GetBoolean("IsClosed") is true || Definition?.GetString("Status") is "DeleteRequested" or "DeleteInProgress" or "Deleted";

    public bool IsDeleted => Definition?.GetString("Status") == "Deleted";

    public IEnumerable<TableEntity> Protections => rows.Where(row => char.IsAsciiDigit(row.RowKey[0]));

    public TableEntity? Summary => rows.SingleOrDefault(row => row.RowKey == "run");

    /// <summary>The id of the newest good copy, as the tables have it.</summary>
    public string? NewestGood =>
        Summary?.GetString("NewestGood") is { } good ? JsonDocument.Parse(good).RootElement.GetProperty("Id").GetString() : null;

    /// <summary>Another one after each write.</summary>
    public (int Rows, DateTimeOffset? Newest) Version => (rows.Count, rows.Max(row => row.Timestamp));

    public IEnumerable<TableEntity> Policies => Of("policy");

    /// <summary>The due times that were missed, by policy.</summary>
    public IEnumerable<(long Policy, DateTimeOffset DueAt)> Missed =>
        Of("missed").Select(row =>
            (long.Parse(row.RowKey.Split(':')[1], CultureInfo.InvariantCulture), row.GetDateTimeOffset("DueAt")!.Value));

    public static async Task<Ledger> ReadAsync(TableServiceClient tables, AssemblyAddress assembly)
    {
        var partition = TableLayout.Partition(assembly);
        var definition = await tables.GetTableClient("CloudAssemblies").GetEntityIfExistsAsync<TableEntity>(
            string.Create(CultureInfo.InvariantCulture, $"{assembly.AccountId}:{assembly.ProjectId}"),
            assembly.CloudAssemblyId.ToString("D19", CultureInfo.InvariantCulture));
        List<TableEntity> rows = [];
        var protections = tables.GetTableClient(TableLayout.Protections);
        await foreach (var row in protections.QueryAsync<TableEntity>(row => row.PartitionKey == partition))
            rows.Add(row);
        return new Ledger(assembly, definition.HasValue ? definition.Value : null, rows);
    }

    /// <summary>Whether a copy was made in another account or region than its assembly is in now.</summary>
    public bool IsElsewhere(TableEntity protection) =>
        PlaceOf(protection) is { } place && Definition is { } now
        && PlaceOfRole(now.GetString("RoleArn"), now.GetString("SourceRegion")) != place;

    /// <summary>Whether a rule, and no request, has decided its removal.</summary>
    public static bool IsByRule(TableEntity protection) =>
        protection.GetString("Prune") is { } prune
        && JsonDocument.Parse(prune).RootElement.GetProperty("By").GetProperty("Name").GetString() == "retention";

    /// <summary>When its removal was decided; null where it was not.</summary>
    public static DateTimeOffset? PruneAt(TableEntity protection) =>
        protection.GetString("Prune") is { } prune ? JsonDocument.Parse(prune).RootElement.GetProperty("At").GetDateTimeOffset() : null;

    /// <summary>The AWS account and the region that its snapshots are in, by its row; null where that is not recorded.</summary>
    public static string? PlaceOf(TableEntity protection)
    {
        if (protection.GetString("Location") is not { } location)
            return null;
        var members = JsonDocument.Parse(location).RootElement;
        var role = members.GetProperty("Connection").GetProperty("RoleArn").GetString()!;
        return PlaceOfRole(role, members.GetProperty("Region").GetString()!);
    }

    public static string PlaceName(string partition, string account, string region) => $"{partition}:{account}:{region}";

    public IReadOnlyList<TableEntity> Transitions(TableEntity protection) => [.. Of("transition", protection)];

    public IReadOnlyList<TableEntity> Events(TableEntity protection) => [.. Of("event", protection)];

    public IReadOnlyList<TableEntity> Resources(TableEntity protection) => [.. Of("resource", protection)];

    /// <summary>Every row of a protection, as text.</summary>
    public string Story(TableEntity protection) =>
        Write([protection, .. Transitions(protection), .. Events(protection), .. Resources(protection), .. AllOf()]);

    /// <summary>Every row that is not a protection's, as text.</summary>
    public string Story() => Write(AllOf());

    private IEnumerable<TableEntity> AllOf() => new[] { Definition, Summary }.OfType<TableEntity>().Concat(Policies).Concat(Of("missed"));

    private static string? PlaceOfRole(string roleArn, string region) =>
        roleArn.Split(':') is [_, var partition, _, _, var account, ..] ? PlaceName(partition, account, region) : null;

    private static string Write(IEnumerable<TableEntity> rows) => string.Join('\n', rows.Select(row =>
    {
        var columns = row.Where(column => column.Key is not ("PartitionKey" or "RowKey" or "odata.etag") && column.Value is not null);
        return $"  {row.RowKey}: {string.Join(", ", columns.Select(column => $"{column.Key}={Write(column.Value)}"))}";
    }));

    private static string Write(object value) => value is DateTimeOffset time
        ? time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{value}");

    private IEnumerable<TableEntity> Of(string kind, TableEntity? protection = null)
    {
        var prefix = protection is null ? $"{kind}:" : $"{kind}:{protection.RowKey}:";
        return rows.Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));
    }
}
