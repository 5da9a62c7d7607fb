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
    public static async Task<(ProtectionSummary Summary, ETag? Version)> ReadSummaryAsync(
        this TableClient table, AssemblyKey assembly, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(assembly), Keys.Protections.Summary, cancellationToken) is { } row
            ? (SummaryRow.Read(row), row.ETag)
            : (ProtectionSummary.None, null);

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
}
