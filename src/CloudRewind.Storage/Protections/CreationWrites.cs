using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>What creates a protection, as a part of one transaction.</summary>
internal static class CreationWrites
{
    private const string CreatedBy = nameof(CreatedBy);

    /// <summary>The writes.</summary>
    /// <param name="step">The protection with its first transition.</param>
    /// <param name="summary">The summary of its assembly as it was read.</param>
    /// <param name="version">That row's version; null where there was none.</param>
    /// <param name="createdBy">Tells this call from others that want the same id.</param>
    public static List<TableTransactionAction> Of(ProtectionStep step, ProtectionSummary summary, ETag? version, string createdBy)
    {
        var (created, first) = step;
        var transition = TransitionRow.Create(first);
        transition[CreatedBy] = createdBy;
        return
        [
            new(TableTransactionActionType.Add, ProtectionRow.Create(created)),
            new(TableTransactionActionType.Add, transition),
            SummaryRow.Write(created.Id.Assembly, summary.Start(created), version),
        ];
    }

    /// <summary>After a lost race: the protection, where it was this very call that has created it, and whose answer was lost.</summary>
    public static async Task<Protection?> FindOwnAsync(TableClient table, ProtectionId id, string createdBy, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Transition(id, sequence: 0), cancellationToken) is { } first
        && first.GetString(CreatedBy) == createdBy
        && await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Protection(id), cancellationToken) is { } own
            ? ProtectionRow.Read(own)
            : null;
}
