using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What came of a round of pruning.</summary>
/// <param name="HasElapsed">Whether nothing is left of the protection, and its row says so.</param>
/// <param name="Attempt">What the rounds of the attempt have come to; null where the protection may not be removed (yet).</param>
/// <param name="Kept">Why a rule keeps it; null where none does.</param>
public sealed record PruneAnswer(bool HasElapsed, PruneRound? Attempt, RetentionHold? Kept);
