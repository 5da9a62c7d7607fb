namespace CloudRewind.Domain.Capture;

/// <summary>What one round of removals came to.</summary>
/// <param name="Removed">How many resources have nothing left.</param>
/// <param name="Kept">How many could not be removed in this round.</param>
/// <param name="Untried">How many this round did not come to.</param>
/// <param name="Reason">Why the first of the kept ones was kept; null where none was.</param>
public sealed record PruneRound(int Removed, int Kept, int Untried, string? Reason);
