using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Policies;

/// <summary>What one look at a policy came to.</summary>
/// <param name="Policy">The policy as it stands then.</param>
/// <param name="Started">The protection that was created; null where none was.</param>
/// <param name="Missed">The due times that were found to be missed.</param>
/// <param name="NewestGood">The newest good copy of the assembly; null where there is none.</param>
/// <param name="OverdueSince">Since when that has been older than it may be; null where it is not.</param>
public sealed record ScheduleLook(
    ProtectionPolicy Policy, Protection? Started, IReadOnlyList<MissedRun> Missed, GoodCopy? NewestGood, DateTimeOffset? OverdueSince);
