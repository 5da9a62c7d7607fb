using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>What the protections of an assembly come to, as a row of the table <c>Protections</c>.</summary>
internal static class SummaryRow
{
    /// <summary>The write that replaces a summary, if nobody else has written it since it was read.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="summary">The summary as it is to be.</param>
    /// <param name="version">The row's ETag as it was read; null where there was no row.</param>
    public static TableTransactionAction Write(AssemblyKey assembly, ProtectionSummary summary, ETag? version)
    {
        var row = new TableEntity(Keys.Protections.Partition(assembly), Keys.Protections.Summary)
        {
            [nameof(ProtectionSummary.Running)] = summary.Running?.ToString(),
            [nameof(ProtectionSummary.LatestMilliseconds)] = summary.LatestMilliseconds,
            [nameof(ProtectionSummary.IsClosed)] = summary.IsClosed,
            [nameof(ProtectionSummary.Latest)] = summary.Latest?.ToString(),
            [nameof(ProtectionSummary.Locks)] = summary.Locks,
        };
        row.WriteJson(nameof(ProtectionSummary.NewestGood), summary.NewestGood);
        return version is { } read
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, read)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    public static ProtectionSummary Read(TableEntity row) => new(
        ReadId(row, nameof(ProtectionSummary.Running)),
        row.GetInt64(nameof(ProtectionSummary.LatestMilliseconds)) ?? -1,
        row.GetBoolean(nameof(ProtectionSummary.IsClosed)) ?? false,
        ReadId(row, nameof(ProtectionSummary.Latest)),
        row.ReadJson<RecoveryPoint>(nameof(ProtectionSummary.NewestGood)),
        row.Number(nameof(ProtectionSummary.Locks)));

    private static ProtectionId? ReadId(TableEntity row, string column) => row.GetString(column) is { } id ? ProtectionId.Parse(id) : null;
}
