using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Watchdog;

/// <summary>
/// How long each state may last before the watchdog asks whether anything still drives the protection, before it replaces an orchestration that has not ended and makes
/// no step, before it ends the run itself, and before it calls the protection stalled.
/// </summary>
/// <param name="Patience">How long a step may be overdue before what is to make it is replaced; at half of it, the watchdog asks.</param>
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

    // The clocks of two machines differ by less.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ShortestGrace = TimeSpan.FromSeconds(30);

    // From then on, an orchestration is given longer than the longest activity takes, and a long outage leads to few replacements.
    private const int MostDoublings = 5;

    // A step that has to be retried takes several times as long as one that goes well.
    private const int StallFactor = 6;

    /// <summary>From when on the watchdog asks the engine about the protection; null where no step of it is due until somebody asks for one.</summary>
    /// <param name="protection">The protection.</param>
    /// <param name="now">Now, in UTC: what was written at a later time was written by a clock that was turned back since, and says nothing of when.</param>
    public DateTimeOffset? AskFrom(Protection protection, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return protection.UpdatedAt > now + ClockTolerance ? now : NextStepDue(protection) + AskAfter;
    }

    /// <summary>What a look at the orchestration of a protection, which has not ended, finds, and when the next look is due.</summary>
    /// <param name="protection">The protection.</param>
    /// <param name="row">Its row of the watchdog's list.</param>
    /// <param name="step">The orchestration's latest step.</param>
    /// <param name="now">Now, in UTC.</param>
    public (Finding Finding, DateTimeOffset NextLook) Judge(Protection protection, UnfinishedProtection row, OrchestrationStep step, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(protection);
        ArgumentNullException.ThrowIfNull(row);
        return Judge(step, [protection.Status.IsRunning() ? protection.Cancel?.At : NextStepDue(protection), row.WrittenAt], row.OverdueAt, protection.Generation, now);
    }

    /// <inheritdoc cref="Judge(Protection, UnfinishedProtection, OrchestrationStep, DateTimeOffset)"/>
    public (Finding Finding, DateTimeOffset NextLook) Judge(UnfinishedDeletion row, OrchestrationStep step, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Judge(step, [], row.OverdueAt, row.Generation, now);
    }

    /// <summary>
    /// From when on the watchdog ends the run of a protection itself, with what is captured: its time limit is over, and nothing has ended it. Null where there is no run.
    /// </summary>
    public DateTimeOffset? EndFrom(Protection protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return protection.Status.IsRunning() ? protection.UpdatedAt + RunTimeLimit + (Patience > ClockTolerance ? Patience : ClockTolerance) : null;
    }

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

    private TimeSpan AskAfter => Patience / 2;

    // An orchestration whose wait has begun before what is expected of it was due has not heard of it.
    private (Finding Finding, DateTimeOffset NextLook) Judge(
        OrchestrationStep step, IEnumerable<DateTimeOffset?> expected, DateTimeOffset? overdueAt, int generation, DateTimeOffset now)
    {
        var isOfTheFuture = step.At > now + ClockTolerance; // of a clock that was turned back since: its timers are as late
        var nextBy = expected.Where(due => due > step.At).Append(step.NextBy).Min()!.Value;
        var overdueFrom = isOfTheFuture ? DateTimeOffset.MinValue : nextBy + AskAfter;
        if (now < overdueFrom)
            return (Finding.Alive, overdueFrom);
        var grace = (AskAfter > ShortestGrace ? AskAfter : ShortestGrace) * (1 << Math.Min(generation, MostDoublings));
        if (overdueAt is not { } since || since < overdueFrom)
            return (Finding.Overdue, now + grace);
        return now < since + grace ? (Finding.StillOverdue, since + grace) : (Finding.Lost, now + AskAfter);
    }

    private static DateTimeOffset? NextStepDue(Protection protection)
    {
        if (!protection.Status.IsOutcome())
            return protection.UpdatedAt;
        var due = protection.Prune?.At ?? RetentionRules.NextCheck(protection.ExpiresAt, protection.Kept);
        return due > protection.UpdatedAt ? due : due is null ? null : protection.UpdatedAt;
    }
}
