using System.Text.Json.Serialization;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>What the orchestration of a deletion and its activities are given.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="By">Who asked for it, or what has started it again.</param>
/// <param name="Generation">
/// Of the orchestration: it drives the deletion for as long as that is the <see cref="WorkItem.Generation"/> on the watchdog's list.
/// </param>
/// <param name="Round">How far it has come; null: it begins.</param>
public sealed record DeletionInput(AssemblyKey Assembly, Actor By, int Generation = 0, DeletionRound? Round = null)
{
    /// <summary>What ties it to the log.</summary>
    [JsonIgnore]
    public string CorrelationId => By.CorrelationId;
}
