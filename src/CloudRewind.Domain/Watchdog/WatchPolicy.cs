using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Watchdog;

/// <summary>How long each state may last before the watchdog asks whether anything still drives the protection, and before it calls it stalled.</summary>
/// <param name="Patience">How long a protection may make no step before the watchdog asks.</param>
/// <param name="RunTimeLimit">How long captures may take.</param>
public sealed record WatchPolicy(TimeSpan Patience, TimeSpan RunTimeLimit)
{
    /// <summary>How long a row without a protection is kept: a create that is still under way would lose its only trace.</summary>
    public static readonly TimeSpan LeftoverAge = TimeSpan.FromHours(1);

    /// <summary>
    /// The longest that the row of an unfinished protection goes unread: a request to prune that came while the watchdog looked away, and whose
    /// event was lost, is found no later than this.
    /// </summary>
    public static readonly TimeSpan LongestUnread = TimeSpan.FromDays(1);

    /// <summary>The longest that a copy is kept, although a rule would have removed it, until it is looked at again.</summary>
    public static readonly TimeSpan LongestKept = TimeSpan.FromDays(1);

    // A step that has to be retried takes several times as long as one that goes well.
    private const int StallFactor = 6;

    /// <summary>From when on the watchdog asks the engine about the protection; null where no step of it is due until somebody asks for one.</summary>
    public DateTimeOffset? AskFrom(Protection protection) => NextStepDue(protection) + Patience;

    /// <summary>
    /// From when on a protection counts as standing still, whether its orchestration runs or has been started again and again; null for one that
    /// cannot be pruned, which is tried again for ever, up to a day apart, and is visible by its state.
    /// </summary>
    public DateTimeOffset? StalledFrom(Protection protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return protection.Status switch
        {
            ProtectionStatus.PruningFailed => null,
            ProtectionStatus.InProgress => protection.UpdatedAt + RunTimeLimit + Patience * StallFactor,
            _ when protection.Prune is not null => NextStepDue(protection) + RunTimeLimit + Patience * StallFactor, // a prune waits as long as a capture
            _ => NextStepDue(protection) + Patience * StallFactor,
        };
    }

    /// <summary>From when on a deletion counts as standing still: it may have to wait for a run that is cancelled to end, and then for all to be pruned.</summary>
    public DateTimeOffset StalledFrom(UnfinishedDeletion deletion)
    {
        ArgumentNullException.ThrowIfNull(deletion);
        return deletion.RequestedAt + RunTimeLimit + Patience * StallFactor;
    }

    private static DateTimeOffset? NextStepDue(Protection protection)
    {
        if (!protection.Status.IsOutcome())
            return protection.UpdatedAt;
        var due = protection.Prune?.At ?? (protection.ExpiresAt is null ? null : protection.Kept?.At + LongestKept ?? protection.ExpiresAt);
        return due > protection.UpdatedAt ? due : due is null ? null : protection.UpdatedAt;
    }
}
