using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Storage.Protections;

/// <summary>What creates a protection, as a part of one transaction.</summary>
internal static class CreationWrites
{
    /// <summary>The writes: the protection first, and last the transition, which is written once.</summary>
    /// <param name="step">The protection with its first transition.</param>
    /// <param name="summary">The summary of its assembly as it was read.</param>
    /// <param name="version">That row's version; null where there was none.</param>
    public static List<TableTransactionAction> Of(ProtectionStep step, ProtectionSummary summary, ETag? version) =>
    [
        new(TableTransactionActionType.Add, ProtectionRow.Create(step.Protection)),
        SummaryRow.Write(step.Protection.Id.Assembly, summary.Start(step.Protection), version),
        new(TableTransactionActionType.Add, TransitionRow.Create(step.Transition)),
    ];
}
