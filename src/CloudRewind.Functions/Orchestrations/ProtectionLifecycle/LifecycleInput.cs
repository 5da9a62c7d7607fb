using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What the orchestration and its activities are given: ids and counts only. All else is in the tables.</summary>
/// <param name="ProtectionId">The protection.</param>
/// <param name="CorrelationId">Of the request that asked for the protection, or of the watchdog's restart.</param>
/// <param name="PollInterval">The wait before the next round of captures; null: from the start.</param>
/// <param name="PruneAttempts">How many attempts to prune have failed, from 0.</param>
/// <param name="Kept">How many resources the current attempt to prune has tried and could not remove, from 0: the next round passes over them.</param>
public sealed record LifecycleInput(
    ProtectionId ProtectionId, string CorrelationId, TimeSpan? PollInterval = null, int PruneAttempts = 0, int Kept = 0);
