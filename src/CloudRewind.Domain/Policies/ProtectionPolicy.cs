using System.Globalization;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Policies;

/// <summary>
/// Protects an assembly at due times. It decides about each of them once, in order: a protection, or a record that it was missed and why. A due time can be
/// made up for until half of its interval has passed, and only the last one; so that there is never more than one protection at once, however long nothing
/// looked. A store loads a policy, asks it, and writes what it says in one transaction.
/// </summary>
public sealed record ProtectionPolicy
{
    /// <summary>How many due times one transaction decides about.</summary>
    public const int MostDecisions = 80;

    /// <summary>How many policies an assembly may have.</summary>
    public const int MostOfAssembly = 50;

    /// <summary>By how much the clocks of two instances may differ.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestUnseen = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestUnseenWhileOverdue = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);
    private const double OverdueFactor = 1.5;

    /// <summary>Its assembly and number.</summary>
    public required PolicyKey Key { get; init; }

    /// <summary>What a person decided about it.</summary>
    public required PolicyDefinition Definition { get; init; }

    /// <summary>When it was created, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who changed it last, and when.</summary>
    public required Change LastChange { get; init; }

    /// <summary>Since when its schedule and status have been what they are, in UTC.</summary>
    public required DateTimeOffset ScheduledSince { get; init; }

    /// <summary>The first due time that nothing has been decided about, in UTC; null where it has none.</summary>
    public DateTimeOffset? NextDueAt { get; init; }

    /// <summary>The last due time that was decided about, in UTC; null where none was. Nothing is decided about it, or before it, again.</summary>
    public DateTimeOffset? DecidedUpTo { get; init; }

    /// <summary>Why <see cref="NextDueAt"/> has no protection although it has come; null where nothing has kept it from starting.</summary>
    public BlockedRun? Blocked { get; init; }

    /// <summary>1 for the first definition, then one more with each change of it.</summary>
    public int Version => LastChange.Version;

    /// <summary>A new policy.</summary>
    public static ProtectionPolicy Create(PolicyKey key, PolicyDefinition definition, DateTimeOffset at, Actor by)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new()
        {
            Key = key,
            Definition = definition,
            CreatedAt = at,
            LastChange = new Change(1, ChangeKind.Created, at, by, FieldChange.Between([], definition.Fields)),
            ScheduledSince = at,
            NextDueAt = FirstDue(definition, at),
        };
    }

    /// <summary>Replaces its definition. Where its schedule or status changes, due times of the old one that have come and are undecided are missed.</summary>
    /// <returns>Where <see cref="ScheduleStep.HasMore"/>, the old definition stands yet: there are more such due times than one transaction takes.</returns>
    public ScheduleStep Replace(PolicyDefinition definition, DateTimeOffset at, Actor by)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (IsAheadOf(at))
            return ReplaceCorrected(definition, at, by);
        var change = new Change(Version + 1, ChangeKind.Replaced, at, by, FieldChange.Between(Definition.Fields, definition.Fields));
        var replaced = this with { Definition = definition, LastChange = change };
        if ((definition.Schedule, definition.Status) == (Definition.Schedule, Definition.Status))
            return new ScheduleStep(replaced, []);

        List<MissedRun> missed = [];
        var decided = DecidedUpTo;
        foreach (var (due, _) in DueTimes(at))
        {
            if (missed.Count == MostDecisions)
                return new ScheduleStep(this with { NextDueAt = due, DecidedUpTo = decided, Blocked = null }, missed, HasMore: true);
            var reason = !Definition.Schedule.IsTimeZoneKnown ? MissedReason.TimeZoneUnknown
                : Definition.Status == PolicyStatus.Paused ? MissedReason.PolicyPaused
                : MissedReason.PolicyChanged;
            missed.Add(Missed(due, reason, at));
            decided = due;
        }

        // The request is from before that, where a look has decided about a due time meanwhile.
        var from = decided > at ? decided.Value : at;
        return new ScheduleStep(
            replaced with { ScheduledSince = at, NextDueAt = FirstDue(definition, from), DecidedUpTo = decided, Blocked = null }, missed);
    }

    /// <summary>Why it starts no protections now; null where it does.</summary>
    public RunBlock? BlockedBy(CloudAssembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return assembly.Definition.Status.IsDeletedOrDeleting() ? RunBlock.AssemblyDeleted
            : !Definition.Schedule.IsTimeZoneKnown ? RunBlock.TimeZoneUnknown
            : assembly.Definition.Status != AssemblyStatus.Enabled ? RunBlock.AssemblyDisabled
            : Definition.Status switch
            {
                PolicyStatus.Disabled => RunBlock.PolicyDisabled,
                PolicyStatus.Paused => RunBlock.PolicyPaused,
                _ => null,
            };
    }

    /// <summary>The change that deletes it.</summary>
    public Change Delete(DateTimeOffset at, Actor by) => new(Version + 1, ChangeKind.Deleted, at, by, FieldChange.Between(Definition.Fields, []));

    /// <summary>
    /// Decides about the due times that have come; nothing while the time zone is unknown. Where a clock that was ahead has decided about due times that have not come,
    /// that is corrected first.
    /// </summary>
    /// <param name="assembly">Its assembly, which is not being deleted.</param>
    /// <param name="running">The protection of the assembly that is before its outcome; null where there is none.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="by">What looks.</param>
    public ScheduleStep Advance(CloudAssembly assembly, ProtectionId? running, DateTimeOffset now, Actor by)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        if (!Definition.Schedule.IsTimeZoneKnown)
            return new ScheduleStep(this, []);
        if (IsAheadOf(now))
            return CorrectClock(now, by);

        List<MissedRun> missed = [];
        var policy = this;
        foreach (var (due, next) in DueTimes(now))
        {
            if (missed.Count == MostDecisions)
                return new ScheduleStep(policy with { NextDueAt = due }, missed, HasMore: true);

            MissedReason? reason =
                Definition.Status == PolicyStatus.Paused ? MissedReason.PolicyPaused
                : assembly.Definition.Status != AssemblyStatus.Enabled ? MissedReason.AssemblyDisabled
                : CanStart(due, next, now) ? null
                : Blocked?.DueAt == due ? MissedReason.ProtectionRunning
                : MissedReason.Down;
            if (reason is not null)
                missed.Add(Missed(due, reason.Value, now));
            else if (running is not null)
                return new ScheduleStep(policy with { NextDueAt = due, Blocked = new BlockedRun(due, running) }, missed);
            else
                return new ScheduleStep(policy with { NextDueAt = next, DecidedUpTo = due, Blocked = null }, missed, Protect(due, now, by));
            policy = policy with { NextDueAt = next, DecidedUpTo = due, Blocked = null };
        }

        return new ScheduleStep(policy, missed);
    }

    /// <summary>The latest time at which <see cref="NextLook"/> plans a look, with a clock that is as much ahead as it may be.</summary>
    public static DateTimeOffset LatestLook(DateTimeOffset now) => now + LongestUnseen + ClockTolerance;

    /// <summary>When it has to be looked at again, in UTC, whatever happens meanwhile; null where nothing is to be expected of it.</summary>
    /// <param name="isOverdue">Whether the newest good copy of its assembly is older than it may be: then it is said again before long.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <remarks>Two that ask at about the same time get the same answer, so that looks do not multiply.</remarks>
    public DateTimeOffset? NextLook(bool isOverdue, DateTimeOffset now)
    {
        if (NextDueAt is not { } due)
            return null;
        if (due <= now && Definition.Schedule.IsTimeZoneKnown)
            return NextMultiple(RetryInterval, TimeSpan.Zero, now);
        var longest = NextMultiple(isOverdue ? LongestUnseenWhileOverdue : LongestUnseen, Share, now);
        return due > now && due < longest ? due : longest;
    }

    /// <summary>
    /// From when on the newest full copy is older than it may be: by half more than the interval in which it was due to be followed, in UTC. Null where none is due.
    /// </summary>
    /// <param name="newestGood">The newest good copy of the assembly; null where there is none. One that is not full does not count.</param>
    public DateTimeOffset? OverdueFrom(RecoveryPoint? newestGood)
    {
        if (Definition.Status != PolicyStatus.Enabled || !Definition.Schedule.IsTimeZoneKnown)
            return null;
        var since = newestGood is { Outcome: ProtectionStatus.Success } full && full.At > ScheduledSince ? full.At : ScheduledSince;
        var schedule = new Schedule(Definition.Schedule);
        if (schedule.After(since) is not { } next)
            return null;
        var interval = schedule.LastUpTo(since) is { } last ? next - last : next - since;
        return since + interval * OverdueFactor;
    }

    /// <summary>The next due times after an instant, in UTC, as if it were enabled.</summary>
    public IEnumerable<DateTimeOffset> DueAfter(DateTimeOffset instant)
    {
        var schedule = new Schedule(Definition.Schedule);
        for (var due = schedule.After(instant); due is not null; due = schedule.After(due.Value))
            yield return due.Value;
    }

    // What spreads the looks of many policies over their interval.
    private TimeSpan Share => TimeSpan.FromSeconds(Key.ToString().Sum(character => character * 31L) % 3_600);

    private static DateTimeOffset? FirstDue(PolicyDefinition definition, DateTimeOffset at) =>
        definition.Status == PolicyStatus.Disabled || !definition.Schedule.IsTimeZoneKnown ? null : new Schedule(definition.Schedule).After(at);

    // Whether what is on record is from a clock that was ahead, and was turned back since.
    private bool IsAheadOf(DateTimeOffset now) => (DecidedUpTo > ScheduledSince ? DecidedUpTo : ScheduledSince) > now + ClockTolerance;

    // One change, so that the version that the caller has seen is still the one that is replaced.
    private ScheduleStep ReplaceCorrected(PolicyDefinition definition, DateTimeOffset at, Actor by)
    {
        var correction = CorrectClock(at, by);
        var step = correction.Policy.Replace(definition, at, by);
        var change = step.Policy.LastChange with
        {
            Version = Version + 1,
            Fields = [.. correction.Policy.LastChange.Fields, .. step.Policy.LastChange.Fields],
        };
        return step with { Policy = step.Policy with { LastChange = change }, WithdrawAfter = correction.WithdrawAfter };
    }

    // Due times that have come stay decided. Those that have not are no longer missed; one that was started stays started.
    private ScheduleStep CorrectClock(DateTimeOffset now, Actor by)
    {
        var corrected = this with
        {
            ScheduledSince = ScheduledSince < now ? ScheduledSince : now,
            NextDueAt = FirstDue(Definition, now),
            DecidedUpTo = now,
            Blocked = null,
        };
        var fields = FieldChange.Between([new("nextRunAt", Text(NextDueAt))], [new("nextRunAt", Text(corrected.NextDueAt))]);
        corrected = corrected with { LastChange = new Change(Version + 1, ChangeKind.ClockCorrected, now, by, fields) };
        return new ScheduleStep(corrected, [], HasMore: true) { WithdrawAfter = now };

        static string? Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
    }

    // The due times that have come, each with the one that follows it.
    private IEnumerable<(DateTimeOffset Due, DateTimeOffset? Next)> DueTimes(DateTimeOffset now)
    {
        if (NextDueAt is null || NextDueAt > now)
            yield break;
        // Of a schedule whose time zone is unknown, the first one alone is known.
        var schedule = Definition.Schedule.IsTimeZoneKnown ? new Schedule(Definition.Schedule) : null;
        for (var due = NextDueAt; due <= now;)
        {
            var next = schedule?.After(due.Value);
            yield return (due.Value, next);
            due = next;
        }
    }

    private static bool CanStart(DateTimeOffset due, DateTimeOffset? next, DateTimeOffset now) => next is null || now < due + (next.Value - due) / 2;

    private MissedRun Missed(DateTimeOffset due, MissedReason reason, DateTimeOffset now) => new(due, reason, reason switch
    {
        MissedReason.Down => "Nothing looked at the schedule until it was too late: the app, or its storage, was down.",
        MissedReason.ProtectionRunning => $"Another protection of the cloud assembly was running: {Blocked!.Running}.",
        MissedReason.AssemblyDisabled => "The cloud assembly was disabled.",
        MissedReason.PolicyPaused => "The policy was paused.",
        MissedReason.TimeZoneUnknown => $"This version's tz database does not have the policy's time zone, '{Definition.Schedule.TimeZone}'.",
        _ => "The policy was changed before the protection could start.",
    }, now);

    private NewProtection Protect(DateTimeOffset due, DateTimeOffset now, Actor by) => new(
        Key.Assembly,
        Key.PolicyId,
        string.Create(CultureInfo.InvariantCulture, $"{Definition.Name} {due.UtcDateTime:yyyy-MM-dd HH:mm}Z"),
        Retention: null,
        now,
        Idempotency: null)
    {
        By = by,
        PolicyName = Definition.Name,
        DueAt = due,
    };

    private static DateTimeOffset NextMultiple(TimeSpan interval, TimeSpan share, DateTimeOffset now)
    {
        var past = (now - share).UtcTicks % interval.Ticks;
        return now + (interval - TimeSpan.FromTicks(past));
    }
}
