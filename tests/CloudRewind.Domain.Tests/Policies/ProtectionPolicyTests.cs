using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Domain.Tests.Protections;

namespace CloudRewind.Domain.Tests.Policies;

public sealed class ProtectionPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 10, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset One = new(2026, 1, 1, 1, 0, 0, TimeSpan.Zero);
    private static readonly Actor Scheduler = Actor.Scheduler("tick-1");
    private static readonly ProtectionId Running = new(Copies.Assembly, 0, 5);

    private readonly ProtectionPolicy policy = Hourly(PolicyStatus.Enabled);

    [Fact]
    public void Nothing_is_decided_before_it_is_due()
    {
        Assert.Equal(One, policy.NextDueAt);
        Assert.Equal(policy, Advance(policy, One.AddSeconds(-1)).Policy);
    }

    [Fact]
    public void What_is_due_is_protected_under_the_id_of_its_due_time()
    {
        var step = Advance(policy, One.AddMinutes(3));

        Assert.Empty(step.Missed);
        Assert.Equal(One.AddHours(1), step.Policy.NextDueAt);
        var (created, first) = Protection.Create(step.Start!, long.MaxValue / 2);
        Assert.Equal(new ProtectionId(Copies.Assembly, 1, One.ToUnixTimeMilliseconds()), created.Id);
        Assert.Equal(("hourly 2026-01-01 01:00Z", "hourly", One.AddMinutes(3), null), (created.Name, created.PolicyName, created.CreatedAt, created.ExpiresAt));
        Assert.Equal((Scheduler, "The protection policy 'hourly' was due at 2026-01-01 01:00:00Z."), (first.By, first.Reason));
    }

    [Fact]
    public void After_a_time_when_nothing_ran_the_last_due_time_is_made_up_for_and_the_others_are_missed()
    {
        var step = Advance(policy, One.AddHours(5).AddMinutes(29));

        Assert.Equal(One.AddHours(5), step.Start!.DueAt);
        Assert.Equal(Enumerable.Range(0, 5).Select(hour => One.AddHours(hour)), step.Missed.Select(missed => missed.DueAt));
        Assert.All(step.Missed, missed => Assert.Equal(MissedReason.Down, missed.Reason));
    }

    [Fact]
    public void Half_of_its_interval_later_it_is_missed()
    {
        var step = Advance(policy, One.AddMinutes(30));

        Assert.Null(step.Start);
        Assert.Equal((One, MissedReason.Down), (Assert.Single(step.Missed).DueAt, step.Missed[0].Reason));
        Assert.Equal(One.AddHours(1), step.Policy.NextDueAt);
    }

    [Fact]
    public void It_waits_for_a_protection_that_runs_and_says_which_one_was_in_the_way()
    {
        var waits = Advance(policy, One.AddMinutes(1), Running);
        Assert.Equal((One, new BlockedRun(One, Running)), (waits.Policy.NextDueAt, waits.Policy.Blocked));
        Assert.Empty(waits.Missed);

        Assert.Equal(One, Advance(waits.Policy, One.AddMinutes(20)).Start!.DueAt);
        Assert.Equal(MissedReason.ProtectionRunning, Assert.Single(Advance(waits.Policy, One.AddMinutes(31), Running).Missed).Reason);
        Assert.Equal([MissedReason.ProtectionRunning, MissedReason.Down], Advance(waits.Policy, One.AddHours(2).AddMinutes(1)).Missed.Select(missed => missed.Reason));
    }

    [Theory]
    [InlineData(PolicyStatus.Paused, AssemblyStatus.Enabled, MissedReason.PolicyPaused)]
    [InlineData(PolicyStatus.Enabled, AssemblyStatus.Disabled, MissedReason.AssemblyDisabled)]
    public void What_somebody_has_switched_off_is_missed_at_once(PolicyStatus status, AssemblyStatus assembly, MissedReason reason)
    {
        var step = Hourly(status).Advance(Assembly(assembly), null, One, Scheduler);

        Assert.Null(step.Start);
        Assert.Equal(reason, Assert.Single(step.Missed).Reason);
    }

    [Fact]
    public void A_disabled_policy_has_no_due_times()
    {
        var disabled = Hourly(PolicyStatus.Disabled);

        Assert.Null(disabled.NextDueAt);
        Assert.Null(disabled.NextLook(isOverdue: false, One));
        Assert.Null(disabled.OverdueFrom(null));
        Assert.Equal(disabled, Advance(disabled, One.AddDays(1)).Policy);
        Assert.Equal([One, One.AddHours(1)], disabled.DueAfter(Start).Take(2)); // when it would be
    }

    [Fact]
    public void However_long_nothing_ran_a_step_is_one_transaction()
    {
        var first = Advance(policy, One.AddDays(10).AddMinutes(1));
        Assert.True(first.HasMore);
        Assert.Equal(ProtectionPolicy.MostDecisions, first.Missed.Count);

        var steps = new List<ScheduleStep> { first };
        while (steps[^1].HasMore)
            steps.Add(Advance(steps[^1].Policy, One.AddDays(10).AddMinutes(1)));

        Assert.Equal(240, steps.Sum(step => step.Missed.Count));
        Assert.Equal(One.AddDays(10), steps[^1].Start!.DueAt);
    }

    [Fact]
    public void A_change_settles_what_had_come_and_counts_from_now_on()
    {
        var step = policy.Replace(policy.Definition with { Name = "other", Schedule = new ScheduleDefinition(Frequency.Daily, "UTC") { Hours = [3] } }, One.AddMinutes(5), Copies.Person);

        Assert.Equal((One, MissedReason.PolicyChanged), (Assert.Single(step.Missed).DueAt, step.Missed[0].Reason));
        Assert.Equal((2, Copies.Person, One.AddMinutes(5)), (step.Policy.Version, step.Policy.LastChange.By, step.Policy.ScheduledSince));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.Zero), step.Policy.NextDueAt);
    }

    [Fact]
    public void A_change_of_anything_but_the_schedule_leaves_the_due_times_as_they_are()
    {
        var blocked = Advance(policy, One.AddMinutes(1), Running).Policy;

        var step = blocked.Replace(policy.Definition with { Name = "other", RetentionCount = 7 }, One.AddMinutes(5), Copies.Person);

        Assert.Empty(step.Missed);
        Assert.Equal((2, 7, One, blocked.Blocked, Start), (step.Policy.Version, step.Policy.Definition.RetentionCount, step.Policy.NextDueAt, step.Policy.Blocked, step.Policy.ScheduledSince));
        Assert.Equal(One, Advance(step.Policy, One.AddMinutes(6)).Start!.DueAt);
    }

    [Theory]
    [InlineData(PolicyStatus.Enabled)]
    [InlineData(PolicyStatus.Paused)]
    public void A_change_that_was_asked_for_before_a_due_time_and_comes_after_it_does_not_decide_about_it_again(PolicyStatus before)
    {
        var decided = Advance(Hourly(before), One.AddSeconds(1)).Policy;

        var step = decided.Replace(decided.Definition with { Schedule = new ScheduleDefinition(Frequency.FifteenMinutes, "UTC"), Status = PolicyStatus.Enabled }, One.AddSeconds(-1), Copies.Person);

        Assert.Empty(step.Missed);
        Assert.Equal(One.AddMinutes(15), step.Policy.NextDueAt);
    }

    [Fact]
    public void What_a_clock_that_was_ahead_has_decided_is_corrected_once()
    {
        var ahead = policy;
        for (var step = Advance(policy, One.AddDays(40).AddMinutes(1)); ; step = Advance(ahead, One.AddDays(40).AddMinutes(1)))
        {
            ahead = step.Policy;
            if (!step.HasMore)
                break;
        }

        Assert.Equal(One.AddDays(40).AddHours(1), ahead.NextDueAt);
        var now = One.AddHours(2).AddMinutes(1);
        var correction = Advance(ahead, now);

        Assert.Equal((now, true), (correction.WithdrawAfter, correction.HasMore));
        Assert.Empty(correction.Missed);
        Assert.Null(correction.Start);
        Assert.Equal((One.AddHours(3), now, ahead.Version + 1), (correction.Policy.NextDueAt, correction.Policy.DecidedUpTo, correction.Policy.Version));
        Assert.Equal(
            new Change(2, ChangeKind.ClockCorrected, now, Scheduler, [new("nextRunAt", "2026-02-10 02:00:00Z", "2026-01-01 04:00:00Z")]), correction.Policy.LastChange);
        Assert.Equal(correction.Policy, Advance(correction.Policy, now).Policy);
        Assert.Equal(One.AddHours(3), Advance(correction.Policy, One.AddHours(3)).Start!.DueAt);
    }

    [Fact]
    public void A_policy_that_was_created_by_a_clock_that_was_ahead_is_scheduled_from_now_on()
    {
        var created = ProtectionPolicy.Create(policy.Key, policy.Definition, Start.AddDays(40), Copies.Person);

        var corrected = Advance(created, Start).Policy;

        Assert.Equal((One, Start), (corrected.NextDueAt, corrected.ScheduledSince));
        Assert.Equal(Start.AddMinutes(90), corrected.OverdueFrom(null));
    }

    [Fact]
    public void A_replacement_corrects_what_a_clock_that_was_ahead_has_decided_in_one_change()
    {
        var ahead = Advance(policy, One.AddHours(40).AddMinutes(40)).Policy;
        var (now, daily) = (One.AddMinutes(5), policy.Definition with { Schedule = new ScheduleDefinition(Frequency.Daily, "UTC") { Hours = [3] } });

        var rescheduled = ahead.Replace(daily, now, Copies.Person);
        var renamed = ahead.Replace(policy.Definition with { Name = "other" }, now, Copies.Person);

        Assert.Equal((false, now, 2, One.AddHours(2)), (rescheduled.HasMore, rescheduled.WithdrawAfter, rescheduled.Policy.Version, rescheduled.Policy.NextDueAt));
        Assert.Equal((2, One.AddHours(1), ChangeKind.Replaced), (renamed.Policy.Version, renamed.Policy.NextDueAt, renamed.Policy.LastChange.Kind));
        Assert.Equal(["nextRunAt", "name"], renamed.Policy.LastChange.Fields.Select(field => field.Name));
    }

    [Fact]
    public void A_clock_that_is_a_little_ahead_is_no_reason_to_correct()
    {
        var decided = Advance(policy, One).Policy;

        Assert.Equal(decided, Advance(decided, One - ProtectionPolicy.ClockTolerance).Policy);
        Assert.Equal(ChangeKind.ClockCorrected, Advance(decided, One - ProtectionPolicy.ClockTolerance - TimeSpan.FromSeconds(1)).Policy.LastChange.Kind);
    }

    [Fact]
    public void A_policy_whose_time_zone_is_unknown_decides_nothing_is_looked_at_seldom_and_can_be_repaired()
    {
        var unknown = policy with { Definition = policy.Definition with { Schedule = new ScheduleDefinition(Frequency.Hourly, "Mars/Olympus") } };
        var now = One.AddHours(3).AddMinutes(5);

        Assert.Equal(RunBlock.TimeZoneUnknown, unknown.BlockedBy(Assembly(AssemblyStatus.Enabled)));
        var step = Advance(unknown, now);
        Assert.Equal((unknown, false), (step.Policy, step.HasMore));
        Assert.Empty(step.Missed);
        Assert.Null(unknown.OverdueFrom(null));
        Assert.InRange(unknown.NextLook(isOverdue: false, now)!.Value - now, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

        var repaired = unknown.Replace(policy.Definition, now, Copies.Person);
        Assert.Equal((One, MissedReason.TimeZoneUnknown), (Assert.Single(repaired.Missed).DueAt, repaired.Missed[0].Reason));
        Assert.Equal((One.AddHours(4), (RunBlock?)null), (repaired.Policy.NextDueAt, repaired.Policy.BlockedBy(Assembly(AssemblyStatus.Enabled))));
    }

    [Theory]
    [InlineData(PolicyStatus.Enabled, AssemblyStatus.Enabled, null)]
    [InlineData(PolicyStatus.Paused, AssemblyStatus.Enabled, RunBlock.PolicyPaused)]
    [InlineData(PolicyStatus.Disabled, AssemblyStatus.Enabled, RunBlock.PolicyDisabled)]
    [InlineData(PolicyStatus.Paused, AssemblyStatus.Disabled, RunBlock.AssemblyDisabled)]
    [InlineData(PolicyStatus.Enabled, AssemblyStatus.DeleteRequested, RunBlock.AssemblyDeleted)]
    [InlineData(PolicyStatus.Disabled, AssemblyStatus.Deleted, RunBlock.AssemblyDeleted)]
    public void It_says_why_it_starts_nothing(PolicyStatus status, AssemblyStatus assembly, RunBlock? block) => Assert.Equal(block, Hourly(status).BlockedBy(Assembly(assembly)));

    [Fact]
    public void A_copy_is_overdue_when_it_is_older_than_the_interval_and_half_of_it()
    {
        Assert.Equal(Start.AddMinutes(90), policy.OverdueFrom(null)); // there has been none since it was scheduled
        Assert.Equal(One.AddMinutes(2 + 90), policy.OverdueFrom(Copy(ProtectionStatus.Success, One.AddMinutes(2))));
        Assert.Equal(Start.AddMinutes(90), policy.OverdueFrom(Copy(ProtectionStatus.Success, Start.AddDays(-3)))); // it is from before the policy
        Assert.Null(Hourly(PolicyStatus.Paused).OverdueFrom(null));
    }

    /// <summary>It is the newest good copy only where no copy is full.</summary>
    [Fact]
    public void A_partial_copy_does_not_end_what_is_overdue() =>
        Assert.Equal(Start.AddMinutes(90), policy.OverdueFrom(Copy(ProtectionStatus.PartiallyProtected, One.AddMinutes(2))));

    [Fact]
    public void It_is_looked_at_when_it_is_due_and_often_enough_for_people_to_know()
    {
        Assert.Equal(One, policy.NextLook(isOverdue: false, One.AddSeconds(-1)));
        Assert.Equal(One.AddMinutes(2), policy.NextLook(isOverdue: false, One.AddMinutes(1).AddSeconds(30)));

        var daily = Policy(new ScheduleDefinition(Frequency.Daily, "UTC") { Hours = [20] }, PolicyStatus.Enabled);
        var (calm, alarmed) = (daily.NextLook(isOverdue: false, Start)!.Value, daily.NextLook(isOverdue: true, Start)!.Value);
        Assert.InRange(calm - Start, TimeSpan.FromTicks(1), TimeSpan.FromHours(1));
        Assert.InRange(alarmed - Start, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(15));
        Assert.Equal(calm, daily.NextLook(isOverdue: false, calm.AddTicks(-1))); // two that ask meanwhile mean the same look
    }

    private static ScheduleStep Advance(ProtectionPolicy policy, DateTimeOffset now, ProtectionId? running = null) =>
        policy.Advance(Assembly(AssemblyStatus.Enabled), running, now, Scheduler);

    private static CloudAssembly Assembly(AssemblyStatus status) => new(
        Copies.Assembly,
        new AssemblyDefinition("Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/demo", null), new ResourceFilter.Manual([]), null, status),
        Start,
        Start,
        1);

    private static RecoveryPoint Copy(ProtectionStatus outcome, DateTimeOffset at) => new(Running, outcome, at);

    private static ProtectionPolicy Hourly(PolicyStatus status) => Policy(new ScheduleDefinition(Frequency.Hourly, "UTC"), status);

    private static ProtectionPolicy Policy(ScheduleDefinition schedule, PolicyStatus status) => ProtectionPolicy.Create(
        new PolicyKey(Copies.Assembly, 1), new PolicyDefinition("hourly", null, schedule, PolicyDefinition.MinRetentionCount, status), Start, Copies.Person);
}
