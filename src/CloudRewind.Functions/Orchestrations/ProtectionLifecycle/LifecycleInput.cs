using System.Text.Json.Serialization;
using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What the orchestration and its activities are given. All else is in the tables.</summary>
/// <param name="ProtectionId">The protection.</param>
/// <param name="By">On whose behalf: who asked for the protection, or what has started it again. Null in what an older version has started.</param>
/// <param name="Generation">Of the orchestration: it drives the protection for as long as that is the row's <see cref="Protection.Generation"/>.</param>
/// <param name="PollInterval">The wait before the next round of captures; null: from the start.</param>
/// <param name="GivenUp">Why its preparation is not tried again; null while it is.</param>
/// <param name="PruneAttempts">How many attempts to prune in a row have removed nothing, from 0.</param>
/// <param name="Pruned">What the rounds of the current attempt to prune have come to; null before the first.</param>
public sealed record LifecycleInput(
    ProtectionId ProtectionId,
    Actor? By,
    int Generation = 0,
    TimeSpan? PollInterval = null,
    string? GivenUp = null,
    int PruneAttempts = 0,
    PruneRound? Pruned = null)
{
    /// <summary>What ties it to the log.</summary>
    [JsonIgnore]
    public string CorrelationId => By?.CorrelationId ?? "";
}
