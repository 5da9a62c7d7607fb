using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>What one round of captures came to.</summary>
/// <param name="Counts">The resources after the round.</param>
/// <param name="Moved">Whether any resource changed its state: then the next round is worth making soon.</param>
/// <param name="TimeLeft">Until the run's time limit; never negative.</param>
/// <param name="FirstFailure">The first resource that was given up, and why; null where none was.</param>
public sealed record CaptureRound(ResourceCounts Counts, bool Moved, TimeSpan TimeLeft, string? FirstFailure);
