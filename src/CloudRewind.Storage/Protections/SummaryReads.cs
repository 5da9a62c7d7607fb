using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>Reads what the protections of an assembly come to, and what is held of them.</summary>
internal static class SummaryReads
{
    /// <summary>The summary, and the version that a write has to name; no version where there is no row.</summary>
    public static async Task<(ProtectionSummary Summary, ETag? Version)> ReadSummaryAsync(this TableClient table, AssemblyKey assembly, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(Keys.Protections.Partition(assembly), Keys.Protections.Summary, cancellationToken) is not { } row)
            return (ProtectionSummary.None, null);
        var summary = SummaryRow.Read(row);
        return (SummaryRow.IsIncomplete(row) ? await table.CompleteAsync(assembly, summary, cancellationToken) : summary, row.ETag);
    }

    /// <summary>What is held, under a prefix of its keys.</summary>
    public static async Task<List<HeldCopy>> ReadHeldAsync(this TableClient table, AssemblyKey assembly, string prefix, CancellationToken cancellationToken)
    {
        List<HeldCopy> held = [];
        await foreach (var row in table.FindByPrefix(Keys.Protections.Partition(assembly), prefix, cancellationToken))
            held.Add(HeldRow.Read(row));
        return held;
    }

    /// <summary>The good copies of an assembly but for one. Each is looked up: a row that says that something is held can be left over.</summary>
    public static async Task<IReadOnlyList<GoodCopy>> ReadGoodExceptAsync(this TableClient table, ProtectionId except, CancellationToken cancellationToken)
    {
        var partition = Keys.Protections.Partition(except.Assembly);
        List<GoodCopy> good = [];
        foreach (var held in await table.ReadHeldAsync(except.Assembly, Keys.Protections.HeldPrefix, cancellationToken))
        {
            if (held.IsGood
                && held.Id != except
                && await table.FindAsync(partition, Keys.Protections.Protection(held.Id), cancellationToken) is { } row
                && GoodCopy.Of(ProtectionRow.Read(row)) is { } copy)
                good.Add(copy);
        }

        return good;
    }

    // Once for each assembly whose row an older version has written: whoever writes the summary next writes it whole.
    private static async Task<ProtectionSummary> CompleteAsync(this TableClient table, AssemblyKey assembly, ProtectionSummary summary, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.Protections.Created(0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Protections.Partition(assembly)} and RowKey ge {from} and RowKey lt {to}");
        List<Protection> protections = [];
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            protections.Add(ProtectionRow.Read(row));

        foreach (var some in protections.Where(protection => protection is { Outcome: not null, Prune: null }).Chunk(StorageTables.MaxWrites))
        {
            await table.SubmitTransactionAsync(
                some.Select(protection => new TableTransactionAction(TableTransactionActionType.UpsertReplace, HeldRow.Create(protection))), cancellationToken);
        }

        return summary with
        {
            Latest = protections.FirstOrDefault()?.Id,
            NewestGood = GoodCopy.Newest(protections.Select(GoodCopy.Of).OfType<GoodCopy>()),
            Locks = protections.Count(protection => protection.Lock is not null),
        };
    }
}
