using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Policies;

/// <summary>What was decided about due times, now that it is on record.</summary>
/// <param name="Step">The decision.</param>
/// <param name="Started">The protection that was created; null where none was.</param>
/// <param name="NewestGood">The newest good copy of the assembly; null where there is none.</param>
public sealed record AdvanceResult(ScheduleStep Step, Protection? Started, RecoveryPoint? NewestGood);
