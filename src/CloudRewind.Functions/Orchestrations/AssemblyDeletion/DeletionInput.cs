using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>What the orchestration of a deletion and its activities are given.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="CorrelationId">Of the request that asked for it, or of the watchdog's restart.</param>
/// <param name="Round">How far it has come; null: it begins.</param>
public sealed record DeletionInput(AssemblyKey Assembly, string CorrelationId, DeletionRound? Round = null);
