using System.Collections.Frozen;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Protections;

/// <summary>
/// The protection lifecycle: the one table of legal transitions, and what follows from it. The store, the orchestration and
/// the documentation derive from this table; nothing else states which pair of states is legal.
/// </summary>
public static class Lifecycle
{
    /// <summary>Every legal transition, in the order in which a protection meets them.</summary>
    public static IReadOnlyList<LegalTransition> Transitions { get; } =
    [
        new(null, Created, "the protection was accepted; nothing has run yet"),
        new(Created, Preparing, "the orchestration has started: metadata and resources are being gathered"),
        new(Created, Failed, "it could not even start (assembly gone, connection invalid)"),
        new(Preparing, PreparationCompleted, "resources are recorded"),
        new(Preparing, Skipped, "there is nothing to protect"),
        new(Preparing, Failed, "discovery failed after its retries"),
        new(PreparationCompleted, InProgress, "the first resource is being captured"),
        new(PreparationCompleted, Failed, "nothing could be started"),
        new(InProgress, Success, "every resource captured"),
        new(InProgress, PartiallyProtected, "some captured, some not"),
        new(InProgress, Failed, "none captured, or the run timed out with none"),
        .. Pruned(Success),
        .. Pruned(PartiallyProtected),
        .. Pruned(Skipped),
        .. Pruned(Failed),
        new(PruningFailed, Elapsed, "a later attempt removed the rest"),
    ];

    private static readonly FrozenSet<(ProtectionStatus?, ProtectionStatus)> Pairs =
        Transitions.Select(row => (row.From, row.To)).ToFrozenSet();

    /// <summary>Whether a protection may go from one state (null: it does not exist yet) to another.</summary>
    public static bool Allows(ProtectionStatus? from, ProtectionStatus to) => Pairs.Contains((from, to));

    /// <summary>Whether the run is over and the assembly free for the next protection, while data may still be kept.</summary>
    public static bool IsOutcome(this ProtectionStatus status) => Allows(status, PruningFailed);

    /// <summary>Whether nothing leaves this state.</summary>
    public static bool IsFinal(this ProtectionStatus status) => !Transitions.Any(row => row.From == status);

    /// <summary>Whether a protection in this state is before its outcome, and so keeps its assembly from being protected again.</summary>
    public static bool IsRunning(this ProtectionStatus status) =>
        Transitions.Any(row => row.From == status && (row.To.IsOutcome() || row.To.IsRunning()));

    /// <summary>The outcome of a run that has nothing left to do.</summary>
    /// <exception cref="ArgumentException">Some resources are neither captured nor failed.</exception>
    public static ProtectionStatus OutcomeOf(ResourceCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Unfinished != 0)
            throw new ArgumentException($"The run is not over: {counts.Unfinished} of {counts.Total} resources are unfinished.", nameof(counts));

        return counts switch
        {
            { Total: 0 } => Skipped,
            { Captured: 0 } => Failed,
            { Failed: 0 } => Success,
            _ => PartiallyProtected,
        };
    }

    private static IEnumerable<LegalTransition> Pruned(ProtectionStatus outcome) =>
    [
        new(outcome, Elapsed, "retention ended or an early prune was asked for, and all data and metadata are gone"),
        new(outcome, PruningFailed, "some of it could not be removed"),
    ];
}
