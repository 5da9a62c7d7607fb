using CloudRewind.Domain.Driving;
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

    /// <summary>What the watchdog decides by of a protection.</summary>
    /// <param name="protection">The protection.</param>
    /// <param name="now">Now, in UTC. A row of a later time was written by a clock that was turned back since; its times say nothing.</param>
    public WatchedState StateOf(Protection protection, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(protection);
        var isRunning = protection.Status.IsRunning();
        return new WatchedState(
            protection.UpdatedAt > now + ClockTolerance ? now : NextStepDue(protection) + AskAfter,
            protection.Generation,
            StalledAt(protection),
            isRunning ? protection.UpdatedAt + RunTimeLimit + Longer(Patience, ClockTolerance) : null,
            isRunning ? protection.Cancel?.At : NextStepDue(protection),
            protection.Status.IsFinal());
    }

    /// <summary>What the watchdog decides by of a deletion. It may have to wait for a cancelled run to end, and then for all protections to be pruned.</summary>
    public WatchedState StateOf(WorkItem deletion)
    {
        ArgumentNullException.ThrowIfNull(deletion);
        return new WatchedState(DateTimeOffset.MinValue, deletion.Generation, deletion.RequestedAt + RunTimeLimit + Patience * StallFactor);
    }

    /// <summary>Decides what to do with an item of the work list that is due.</summary>
    /// <param name="item">The item.</param>
    /// <param name="work">Its state; null if there is nothing that the item names.</param>
    /// <param name="now">Now, in UTC.</param>
    public WatchDecision Decide(WorkItem item, WatchedState? work, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        return work switch
        {
            null when now - item.ExpectedAt > LeftoverAge => new(WatchAction.Complete),
            null => new(WatchAction.Wait, Capped(now + Patience, now)), // the request that creates it may be in progress
            { IsFinal: true } or { AskAt: null } => new(WatchAction.Complete),
            { AskAt: { } ask } when ask > now => new(WatchAction.Wait, Capped(ask, now)),
            { EndAt: { } end } when end <= now => new(WatchAction.EndRun),
            _ => new(WatchAction.AskEngine),
        };
    }

    /// <summary>Decides what to do about the orchestration of an item, after <see cref="WatchAction.AskEngine"/>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="work">Its state.</param>
    /// <param name="engine">What the engine says of its orchestration.</param>
    /// <param name="step">The orchestration's latest step; null if there is no orchestration.</param>
    /// <param name="now">Now, in UTC.</param>
    public WatchDecision Decide(WorkItem item, WatchedState work, EngineState engine, OrchestrationStep? step, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(work);
        var decision = engine switch
        {
            EngineState.Suspended => new(WatchAction.Wait, now + Patience),
            EngineState.Active when step is not null => Judge(item, work, step, now),
            _ => new WatchDecision(WatchAction.Start, now + Patience),
        };
        return decision with { DueAt = Capped(decision.DueAt!.Value, now, work.StalledAt), IsStalled = work.StalledAt <= now };
    }

    private TimeSpan AskAfter => Patience / 2;

    // An orchestration whose wait began before the step that is due was requested has not heard of the request.
    private WatchDecision Judge(WorkItem item, WatchedState work, OrchestrationStep step, DateTimeOffset now)
    {
        var isOfTheFuture = step.At > now + ClockTolerance; // of a clock that was turned back since: its timers are as late
        DateTimeOffset?[] expected = item.Key.Kind == WorkKind.Deletion ? [] : [work.StepDueAt, item.ExpectedAt];
        var nextBy = expected.Where(due => due > step.At).Append(step.NextBy).Min()!.Value;
        var overdueFrom = isOfTheFuture ? DateTimeOffset.MinValue : nextBy + AskAfter;
        if (now < overdueFrom)
            return new(WatchAction.Wait, overdueFrom);
        var grace = Longer(AskAfter, ShortestGrace) * (1 << Math.Min(work.Generation, MostDoublings));
        if (item.OverdueAt is not { } since || since < overdueFrom)
            return new(WatchAction.Wake, now + grace, IsOverdueFound: true);
        return now < since + grace ? new(WatchAction.Wait, since + grace) : new(WatchAction.Replace, now + AskAfter, IsOverdueFound: true);
    }

    // A protection that cannot be pruned is tried again without end, up to a day apart, and is visible by its status.
    private DateTimeOffset? StalledAt(Protection protection) => protection.Status switch
    {
        ProtectionStatus.PruningFailed => null,
        ProtectionStatus.InProgress => protection.UpdatedAt + RunTimeLimit + Patience * StallFactor,
        _ when protection.Prune is not null => NextStepDue(protection) + RunTimeLimit + Patience * StallFactor, // a prune waits as long as a capture
        _ => NextStepDue(protection) + Patience * StallFactor,
    };

    // A stall is reported when it begins.
    private static DateTimeOffset Capped(DateTimeOffset dueAt, DateTimeOffset now, DateTimeOffset? stalledAt = null)
    {
        var latest = stalledAt > now && stalledAt < now + LongestUnread ? stalledAt.Value : now + LongestUnread;
        return dueAt < latest ? dueAt : latest;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static DateTimeOffset? NextStepDue(Protection protection)
    {
        if (!protection.Status.IsOutcome())
            return protection.UpdatedAt;
        var due = protection.Prune?.At ?? RetentionRules.NextCheck(protection.ExpiresAt, protection.Kept);
        return due > protection.UpdatedAt ? due : due is null ? null : protection.UpdatedAt;
    }
}
