namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What an orchestration carries: ids and counts only. All else is in the tables.</summary>
/// <param name="ProtectionId">The protection that it drives.</param>
/// <param name="CorrelationId">Of the request that asked for the protection, or of the watchdog's restart.</param>
/// <param name="PollInterval">The wait before the next round of captures; null: from the start.</param>
/// <param name="PruneAttempts">How many attempts to prune have gone wrong.</param>
public sealed record LifecycleRun(string ProtectionId, string CorrelationId, TimeSpan? PollInterval = null, int PruneAttempts = 0);
