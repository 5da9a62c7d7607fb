using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
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
    public static async Task<List<RetainedCopy>> ReadHeldAsync(this TableClient table, AssemblyKey assembly, string prefix, CancellationToken cancellationToken)
    {
        List<RetainedCopy> held = [];
        await foreach (var row in table.FindByPrefix(Keys.Protections.Partition(assembly), prefix, cancellationToken))
            held.Add(HeldRow.Read(row));
        return held;
    }

    /// <summary>
    /// The best of the good copies of an assembly but for one; null where there is none. A row that says that something is held can be
    /// left over, so the copy is looked up.
    /// </summary>
    public static async Task<RecoveryPoint?> ReadBestExceptAsync(this TableClient table, ProtectionId except, CancellationToken cancellationToken)
    {
        var partition = Keys.Protections.Partition(except.Assembly);
        var held = await table.ReadHeldAsync(except.Assembly, Keys.Protections.HeldPrefix, cancellationToken);
        foreach (var candidate in RecoveryPoint.BestFirst(held.Where(copy => copy.Id != except)))
        {
            if (await table.FindAsync(partition, Keys.Protections.Protection(candidate.Id), cancellationToken) is { } row && ProtectionRow.Read(row).AsRecoveryPoint() is { } copy)
                return copy;
        }

        return null;
    }
}
