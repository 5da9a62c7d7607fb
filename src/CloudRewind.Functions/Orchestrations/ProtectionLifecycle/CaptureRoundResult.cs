using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What a round of captures came to.</summary>
/// <param name="Counts">The resources after it.</param>
/// <param name="Moved">Whether the next round is worth making soon.</param>
/// <param name="TimeLeft">Until the run's time limit.</param>
/// <param name="FirstFailure">The first resource that was given up, and why, cut to what a person reads; null where none was.</param>
public sealed record CaptureRoundResult(ResourceCounts Counts, bool Moved, TimeSpan TimeLeft, string? FirstFailure);
