using Azure;
using Azure.Data.Tables;
using CloudRewind.Protections;
using CloudRewind.Protections.Assemblies;

namespace CloudRewind.Storage.Protections;

/// <summary>
/// The one row of an assembly that says which of its protections is running. It is written in the same entity-group transaction that
/// creates a protection or gives it its outcome, so that at most one is before its outcome at any instant.
/// </summary>
/// <param name="Running">The protection before its outcome; null where there is none.</param>
/// <param name="LatestMilliseconds">The time in the newest id that was given out; the next id is later.</param>
/// <param name="Version">The row's ETag; null where there is no row yet.</param>
internal sealed record RunSlot(ProtectionId? Running, long LatestMilliseconds, ETag? Version)
{
    public static readonly RunSlot Unused = new(null, -1, null);

    public static RunSlot Read(TableEntity row) => new(
        row.GetString(nameof(Running)) is { Length: > 0 } id ? ProtectionId.Parse(id) : null,
        row.GetInt64(nameof(LatestMilliseconds)) ?? -1,
        row.ETag);

    /// <summary>The write that gives the slot to a protection, if nobody else has written it since it was read.</summary>
    public TableTransactionAction TakenBy(ProtectionId id) => Write(id.Assembly, id, id.EpochMilliseconds);

    /// <summary>The write that frees the slot, if nobody else has written it since it was read.</summary>
    public TableTransactionAction Freed(AssemblyKey assembly) => Write(assembly, null, LatestMilliseconds);

    private TableTransactionAction Write(AssemblyKey assembly, ProtectionId? running, long latest)
    {
        var row = new TableEntity(ProtectionKeys.Partition(assembly), ProtectionKeys.RunSlot)
        {
            [nameof(Running)] = running?.ToString() ?? "",
            [nameof(LatestMilliseconds)] = latest,
        };
        return Version is { } version
            ? new TableTransactionAction(TableTransactionActionType.UpdateMerge, row, version)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }
}
