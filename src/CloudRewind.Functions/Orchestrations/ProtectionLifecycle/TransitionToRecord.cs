using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>A transition that an orchestration has decided on.</summary>
/// <param name="Run">The orchestration.</param>
/// <param name="Sequence">The sequence number.</param>
/// <param name="From">The state before, in its wire spelling.</param>
/// <param name="To">The state after, in its wire spelling.</param>
/// <param name="At">When, in UTC: the orchestration's time, which is the same at each repetition.</param>
/// <param name="Reason">Why.</param>
/// <param name="Counts">The resources.</param>
public sealed record TransitionToRecord(
    LifecycleRun Run, int Sequence, string From, string To, DateTimeOffset At, string Reason, ResourceCounts Counts);
