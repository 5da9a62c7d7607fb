using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Policies;

/// <summary>What is decided about a policy's due times: all of it is written, or nothing.</summary>
/// <param name="Policy">The policy as it stands then.</param>
/// <param name="Missed">The due times that have no protection; at most <see cref="ProtectionPolicy.MostDecisions"/>.</param>
/// <param name="Start">The protection to create; null where none is.</param>
/// <param name="HasMore">Whether there are more due times to decide about now.</param>
public sealed record ScheduleStep(ProtectionPolicy Policy, IReadOnlyList<MissedRun> Missed, NewProtection? Start = null, bool HasMore = false)
{
    /// <summary>
    /// The records of misses to withdraw: of due times after this instant, in UTC, which have not come. Where there are more than one transaction takes, the policy
    /// stays as it is until the last of them. Null: none.
    /// </summary>
    public DateTimeOffset? WithdrawAfter { get; init; }
}
