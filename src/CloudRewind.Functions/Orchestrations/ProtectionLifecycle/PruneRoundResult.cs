namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What a round of removals came to.</summary>
/// <param name="Kept">How many resources could not be removed.</param>
/// <param name="Untried">How many are left to try.</param>
/// <param name="Reason">Why the first of the kept ones was kept; null where none was.</param>
public sealed record PruneRoundResult(int Kept, int Untried, string? Reason);
