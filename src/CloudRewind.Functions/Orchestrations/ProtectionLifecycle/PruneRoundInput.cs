namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What a round of removals begins with.</summary>
/// <param name="Run">The orchestration.</param>
/// <param name="Skip">How many entries this attempt has tried already, and had to keep.</param>
public sealed record PruneRoundInput(LifecycleRun Run, int Skip);
