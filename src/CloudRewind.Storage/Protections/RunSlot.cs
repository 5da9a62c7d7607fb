using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Storage.Protections;

/// <summary>
/// The one row of an assembly that says which of its protections is running. It is written in the same entity-group transaction that
/// creates a protection or gives it its outcome, so that at most one is before its outcome at any instant.
/// </summary>
/// <param name="Running">The protection before its outcome; null where there is none.</param>
/// <param name="LatestMilliseconds">The time in the newest id that was given out; the next id is later.</param>
/// <param name="IsClosed">Whether the assembly takes no new protection, because it is being deleted.</param>
/// <param name="Version">The row's ETag; null where there is no row yet.</param>
internal sealed record RunSlot(ProtectionId? Running, long LatestMilliseconds, bool IsClosed, ETag? Version)
{
    public static readonly RunSlot Unused = new(null, -1, false, null);

    public static RunSlot Read(TableEntity row) => new(
        row.GetString(nameof(Running)) is { Length: > 0 } id ? ProtectionId.Parse(id) : null,
        row.GetInt64(nameof(LatestMilliseconds)) ?? -1,
        row.GetBoolean(nameof(IsClosed)) ?? false,
        row.ETag);

    /// <summary>The write that gives the slot to a protection, if nobody else has written it since it was read.</summary>
    public TableTransactionAction TakenBy(ProtectionId id) => Write(id.Assembly, this with { Running = id, LatestMilliseconds = id.EpochMilliseconds });

    /// <summary>The write that frees the slot, if nobody else has written it since it was read.</summary>
    public TableTransactionAction Freed(AssemblyKey assembly) => Write(assembly, this with { Running = null });

    /// <summary>The write that lets no other protection take the slot, if nobody else has written it since it was read.</summary>
    public TableTransactionAction Closed(AssemblyKey assembly) => Write(assembly, this with { IsClosed = true });

    private TableTransactionAction Write(AssemblyKey assembly, RunSlot next)
    {
        var row = new TableEntity(ProtectionKeys.Partition(assembly), ProtectionKeys.RunSlot)
        {
            [nameof(Running)] = next.Running?.ToString() ?? "",
            [nameof(LatestMilliseconds)] = next.LatestMilliseconds,
            [nameof(IsClosed)] = next.IsClosed,
        };
        return Version is { } version
            ? new TableTransactionAction(TableTransactionActionType.UpdateMerge, row, version)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }
}
