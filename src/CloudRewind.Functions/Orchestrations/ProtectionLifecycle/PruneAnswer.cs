using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What asking for a round of removals comes to.</summary>
/// <param name="Round">The round; null where nothing may be removed (yet).</param>
/// <param name="Decision">Why it is removed; null where nothing may be.</param>
/// <param name="Kept">Why it is kept although its retention has ended; null where it has not, or where it is removed.</param>
public sealed record PruneAnswer(PruneRound? Round, Request? Decision, KeptCopy? Kept);
