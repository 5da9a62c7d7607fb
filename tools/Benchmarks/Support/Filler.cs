using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Support;

/// <summary>Fills the app's table with protections, a hundred to an assembly: one transaction each.</summary>
/// <param name="table">The table <c>Protections</c>.</param>
/// <param name="pattern">The row of a real protection.</param>
/// <param name="newAssembly">Makes the address of an assembly.</param>
internal sealed class Filler(TableClient table, TableEntity pattern, Func<AssemblyAddress> newAssembly)
{
    /// <summary>The most rows that a transaction may have.</summary>
    public const int RowsOfTransaction = 100;

    private const int AtOnce = 8;

    private static readonly TimeSpan Apart = TimeSpan.FromHours(1);

    private readonly List<AssemblyAddress> assemblies = [];
    private readonly DateTimeOffset newest = pattern.GetDateTimeOffset("CreatedAt")!.Value;

    /// <summary>The row that is copied.</summary>
    public TableEntity Pattern => pattern;

    /// <summary>Adds protections until so many are there.</summary>
    public async Task FillAsync(int protections)
    {
        var there = assemblies.Count;
        assemblies.AddRange(Enumerable.Range(there, (protections / RowsOfTransaction) - there).Select(_ => newAssembly()));
        await Parallel.ForAsync(
            there, assemblies.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellationToken) =>
            await table.SubmitTransactionAsync(
                Enumerable.Range(0, RowsOfTransaction).Select(
                    at =>
                        new TableTransactionAction(TableTransactionActionType.Add, Copy(pattern, assemblies[number], TimeOf(number, at)))),
                cancellationToken));
    }

    /// <summary>One of those that are there, by chance.</summary>
    public StoredProtection Any()
    {
        var number = Random.Shared.Next(assemblies.Count);
        return new(
            assemblies[number],
            assemblies[number].ProtectionId(TimeOf(number, Random.Shared.Next(RowsOfTransaction)).ToUnixTimeMilliseconds()));
    }

    /// <summary>The row of a protection as it is, of another assembly and of another time.</summary>
    public static TableEntity Copy(TableEntity pattern, AssemblyAddress assembly, DateTimeOffset createdAt)
    {
        var milliseconds = createdAt.ToUnixTimeMilliseconds();
        var row = new TableEntity(TableLayout.Partition(assembly), TableLayout.Row(milliseconds));
        var columns = pattern.Where(column => column.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"));
        foreach (var (name, value) in columns)
            row[name] = value;
        row["Id"] = assembly.ProtectionId(milliseconds);
        row["CreatedAt"] = createdAt;
        return row;
    }

    // As in a real store, hardly two are of the same millisecond: Azurite finds a row by its row key first.
    private DateTimeOffset TimeOf(int assembly, int at) => newest - (Apart * at) - TimeSpan.FromMilliseconds(assembly);
}
