using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Policies;

/// <summary>What one look at a policy came to.</summary>
/// <param name="Assembly">The assembly, as it was read before.</param>
/// <param name="Policy">The policy as it stands then.</param>
/// <param name="Started">The protection that was created; null where none was.</param>
/// <param name="Missed">The due times that were found to be missed.</param>
/// <param name="NewestGood">The newest good copy of the assembly; null where there is none.</param>
/// <param name="OverdueSince">Since when there is no full copy as new as the policy wants it; null where there is one.</param>
public sealed record ScheduleLook(
    CloudAssembly Assembly, ProtectionPolicy Policy, Protection? Started, IReadOnlyList<MissedRun> Missed, RecoveryPoint? NewestGood, DateTimeOffset? OverdueSince)
{
    /// <summary>The correction of what a clock that was ahead had decided; null where there was none to make.</summary>
    public Change? Correction { get; init; }
}
