namespace CloudRewind.Functions.Orchestration;

/// <summary>What an orchestration carries: ids and counts only. All else is in the tables.</summary>
/// <param name="ProtectionId">The protection that it drives.</param>
/// <param name="CorrelationId">Of the request that asked for the protection, or of the watchdog's restart.</param>
/// <param name="PollInterval">The wait before the next round of captures; null: from the start.</param>
/// <param name="PruneDue">Whether the wait for the end of retention is over: a timer that has fired is due, whatever the clock says a moment later.</param>
/// <param name="PruneAttempts">How many attempts to prune have gone wrong.</param>
public sealed record LifecycleRun(string ProtectionId, string CorrelationId, TimeSpan? PollInterval = null, bool PruneDue = false, int PruneAttempts = 0);
