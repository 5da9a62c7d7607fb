using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>What the orchestration of a deletion carries.</summary>
/// <param name="AccountId">The assembly's account.</param>
/// <param name="ProjectId">The assembly's project.</param>
/// <param name="CloudAssemblyId">The assembly's own id.</param>
/// <param name="CorrelationId">Of the request that asked for it, or of the watchdog's restart.</param>
public sealed record DeletionRun(long AccountId, string ProjectId, long CloudAssemblyId, string CorrelationId)
{
    /// <summary>The assembly.</summary>
    internal AssemblyKey Assembly() => new(AccountId, ProjectId, CloudAssemblyId);
}
