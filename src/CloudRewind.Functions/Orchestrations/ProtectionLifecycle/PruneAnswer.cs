using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What came of one round of pruning.</summary>
/// <param name="HasElapsed">Whether nothing is left of the protection, and its row says so.</param>
/// <param name="Round">What was removed; null where it may not be removed (yet).</param>
/// <param name="Kept">Why a rule keeps it; null where none does.</param>
public sealed record PruneAnswer(bool HasElapsed, PruneRound? Round, KeptCopy? Kept);
