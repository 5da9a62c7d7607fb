using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>What creates a protection, as a part of one transaction.</summary>
internal static class CreationWrites
{
    /// <summary>The writes.</summary>
    /// <param name="step">The protection with its first transition.</param>
    /// <param name="summary">The summary of its assembly as it was read.</param>
    /// <param name="version">That row's version; null where there was none.</param>
    /// <param name="createdBy">Tells this call from others that want the same id.</param>
    public static List<TableTransactionAction> Of(ProtectionStep step, ProtectionSummary summary, ETag? version, string createdBy)
    {
        var (created, first) = step;
        var row = ProtectionRow.Create(created);
        row[ProtectionRow.CreatedBy] = createdBy;
        return
        [
            new(TableTransactionActionType.Add, row),
            new(TableTransactionActionType.Add, TransitionRow.Create(first)),
            SummaryRow.Write(created.Id.Assembly, summary.Start(created), version),
        ];
    }

    /// <summary>After a lost race: the protection, where it was this very call that has created it, and whose answer was lost.</summary>
    public static async Task<Protection?> FindOwnAsync(TableClient table, ProtectionId id, string createdBy, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Protection(id), cancellationToken) is { } winner
        && winner.GetString(ProtectionRow.CreatedBy) == createdBy
            ? ProtectionRow.Read(winner)
            : null;
}
