using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Domain.Watchdog;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Watchdog;

public sealed class WatchPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private readonly WatchPolicy policy = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(6));

    [Theory]
    [InlineData(Created)]
    [InlineData(Preparing)]
    [InlineData(PreparationCompleted)]
    [InlineData(InProgress)]
    [InlineData(PruningFailed)]
    public void An_unfinished_protection_is_asked_about_at_half_of_the_patience(ProtectionStatus status) =>
        Assert.Equal(Start + policy.Patience / 2, policy.StateOf(In(status), Start).AskAt);

    [Theory]
    [InlineData(Success)]
    [InlineData(PartiallyProtected)]
    [InlineData(Skipped)]
    [InlineData(Failed)]
    public void A_protection_with_its_outcome_is_asked_about_after_its_retention(ProtectionStatus status) =>
        Assert.Equal(Start + Retention + policy.Patience / 2, policy.StateOf(In(status), Start).AskAt);

    [Fact]
    public void A_protection_to_be_pruned_early_is_asked_about_then() =>
        Assert.Equal(
            Start + TimeSpan.FromDays(1) + policy.Patience / 2,
            policy.StateOf(In(Success) with { Prune = new Request(Start + TimeSpan.FromDays(1), Actor.Retention(""), "") }, Start).AskAt);

    [Fact]
    public void A_copy_that_is_kept_is_asked_about_after_a_day() =>
        Assert.Equal(
            Start + Retention + RetentionRules.CheckInterval + policy.Patience / 2,
            policy.StateOf(In(Success) with { Kept = new RetentionHold(Start + Retention, "It is the newest.") }, Start).AskAt);

    [Fact]
    public void A_copy_that_a_count_ends_is_neither_asked_about_nor_stalled()
    {
        var copy = In(Success) with { ExpiresAt = null };
        Assert.Null(policy.StateOf(copy, Start).AskAt);
        Assert.Null(policy.StateOf(copy, Start).StalledAt);
        Assert.Null(policy.StateOf(copy with { Kept = new RetentionHold(Start, "It is locked.") }, Start).StalledAt);
    }

    [Fact]
    public void A_protection_that_expired_before_its_outcome_is_asked_about_from_its_outcome() =>
        Assert.Equal(Start + policy.Patience / 2, policy.StateOf(In(Success) with { ExpiresAt = Start - Retention }, Start).AskAt);

    [Fact]
    public void A_run_is_stalled_only_after_its_time_limit() =>
        Assert.True(policy.StateOf(In(InProgress), Start).StalledAt > Start + policy.RunTimeLimit);

    [Fact]
    public void A_prune_is_stalled_only_after_the_time_for_which_it_may_wait() =>
        Assert.True(policy.StateOf(In(Success) with { Prune = new Request(Start, Actor.Retention(""), "") }, Start).StalledAt > Start + policy.RunTimeLimit);

    [Fact]
    public void A_protection_that_cannot_be_pruned_is_never_stalled() => Assert.Null(policy.StateOf(In(PruningFailed), Start).StalledAt);

    [Theory]
    [InlineData(Created)]
    [InlineData(Preparing)]
    [InlineData(InProgress)]
    [InlineData(Success)]
    public void A_protection_is_asked_about_before_it_is_stalled(ProtectionStatus status) =>
        Assert.True(policy.StateOf(In(status), Start).AskAt < policy.StateOf(In(status), Start).StalledAt);

    [Fact]
    public void A_protection_that_was_written_by_a_clock_that_is_ahead_is_asked_about_now() =>
        Assert.Equal(Start.AddDays(-40), policy.StateOf(In(Preparing), Start.AddDays(-40)).AskAt);

    [Theory]
    [InlineData(0, 0, 2.5)]
    [InlineData(0, 1, 3.5)] // it waits
    [InlineData(3, 0, 5.5)] // it has made a step since
    public void An_orchestration_is_alive_until_its_next_step_is_overdue_by_half_of_the_patience(double stepAt, double wait, double overdueFrom)
    {
        var step = new OrchestrationStep(Start.AddMinutes(stepAt), Start.AddMinutes(stepAt + wait));

        Assert.Equal((WatchAction.Wait, Start.AddMinutes(overdueFrom)), Judge(In(InProgress), Row(), step, Start.AddMinutes(overdueFrom).AddTicks(-1)));
        Assert.Equal(WatchAction.Wake, Judge(In(InProgress), Row(), step, Start.AddMinutes(overdueFrom)).Action);
    }

    [Theory]
    [InlineData(5, 0, 2.5)]
    [InlineData(5, 1, 5)]
    [InlineData(5, 3, 20)]
    [InlineData(5, 40, 80)]
    [InlineData(1 / 60d, 0, 0.5)]
    [InlineData(1 / 60d, 5, 16)]
    public void An_overdue_one_is_given_time_and_each_that_replaces_it_twice_as_long_up_to_a_limit(double patience, int generation, double minutes)
    {
        var impatient = new WatchPolicy(TimeSpan.FromMinutes(patience), TimeSpan.FromHours(6));
        var protection = In(InProgress) with { Generation = generation };
        var found = Start.AddHours(1);
        var grace = TimeSpan.FromMinutes(minutes);

        Assert.Equal((WatchAction.Wake, found + grace), Judge(impatient, protection, Row(), Stopped, found));
        Assert.Equal((WatchAction.Wait, found + grace), Judge(impatient, protection, Row(found), Stopped, found + grace - TimeSpan.FromTicks(1)));
        Assert.Equal(WatchAction.Replace, Judge(impatient, protection, Row(found), Stopped, found + grace).Action);
    }

    [Fact]
    public void One_that_has_made_a_step_since_it_was_found_overdue_is_given_its_time_again()
    {
        var step = new OrchestrationStep(Start.AddHours(2), Start.AddHours(2));

        Assert.Equal(WatchAction.Wake, Judge(In(InProgress), Row(Start.AddHours(1)), step, Start.AddHours(3)).Action);
    }

    [Fact]
    public void One_whose_wait_is_over_because_something_is_expected_of_it_is_overdue_whatever_it_waits_for()
    {
        var step = new OrchestrationStep(Start, Start.AddDays(6));
        var asked = Start.AddDays(1);
        var now = asked + policy.Patience / 2;

        Assert.Equal(WatchAction.Wait, Judge(In(Success), Row(), step, now).Action);
        Assert.Equal(WatchAction.Wake, Judge(In(Success) with { Prune = new Request(asked, Actor.Retention(""), "") }, Row(), step, now).Action);
        Assert.Equal(WatchAction.Wake, Judge(In(InProgress) with { Cancel = new Request(asked, Actor.Retention(""), "") }, Row(), step, now).Action);
        Assert.Equal(WatchAction.Wake, Judge(In(PruningFailed), Row() with { ExpectedAt = asked }, step, now).Action); // asked for again
    }

    [Fact]
    public void One_that_was_cancelled_before_its_outcome_may_wait_until_the_next_attempt_to_prune_it()
    {
        var failed = In(PruningFailed) with { Cancel = new Request(Start.AddMinutes(1), Actor.Retention(""), ""), Prune = new Request(Start, Actor.Retention(""), "") };
        var step = new OrchestrationStep(Start.AddSeconds(1), Start.AddDays(1));

        Assert.Equal(WatchAction.Wait, Judge(failed, Row(), step, Start.AddHours(12)).Action);
    }

    [Fact]
    public void A_step_of_a_clock_that_was_turned_back_since_is_overdue()
    {
        var step = new OrchestrationStep(Start.AddDays(40), Start.AddDays(41));

        Assert.Equal(WatchAction.Wake, Judge(In(Success), Row(), step, Start.AddHours(1)).Action);
        Assert.Equal(WatchAction.Replace, Judge(In(Success), Row(Start), step, Start.AddHours(1)).Action);
    }

    [Fact]
    public void A_deletion_is_judged_by_its_steps_alone()
    {
        var deletion = Row() with { Key = WorkKey.Deletion(In(Created).Id.Assembly) };

        Assert.Equal(WatchAction.Wait, JudgeDeletion(deletion, new OrchestrationStep(Start.AddHours(1), Start.AddHours(1)), Start.AddHours(1)).Action);
        Assert.Equal(WatchAction.Wake, JudgeDeletion(deletion, Stopped, Start.AddHours(1)).Action);
        Assert.Equal(WatchAction.Replace, JudgeDeletion(deletion with { OverdueAt = Start.AddHours(1) }, Stopped, Start.AddHours(2)).Action);
    }

    [Theory]
    [InlineData(Created)]
    [InlineData(InProgress)]
    public void A_run_that_nothing_ends_is_ended_after_its_time_limit_and_before_it_is_stalled(ProtectionStatus status)
    {
        Assert.Equal(Start + policy.RunTimeLimit + policy.Patience, policy.StateOf(In(status), Start).EndAt);
        Assert.True(policy.StateOf(In(InProgress), Start).EndAt < policy.StateOf(In(InProgress), Start).StalledAt);
    }

    [Theory]
    [InlineData(Success)]
    [InlineData(PruningFailed)]
    [InlineData(Elapsed)]
    public void What_has_its_outcome_has_no_run_to_be_ended(ProtectionStatus status) => Assert.Null(policy.StateOf(In(status), Start).EndAt);

    /// <summary>
    /// What the watchdog does: the protection's status, the minutes since its row was written, the engine's state of its orchestration, the minutes since the
    /// orchestration's step (which is due at once), the minutes since it was found overdue, the action, and the minutes until the next look.
    /// </summary>
    [Theory]
    // Nothing is left to do, or nothing is due yet: the engine is not asked.
    [InlineData(Elapsed, 60, EngineState.Missing, 0, null, WatchAction.Complete, null)]
    [InlineData(Created, 1, EngineState.Missing, 0, null, WatchAction.Wait, 1.5)]
    [InlineData(PreparationCompleted, 1, EngineState.Missing, 0, null, WatchAction.Wait, 1.5)]
    [InlineData(PruningFailed, 1, EngineState.Missing, 0, null, WatchAction.Wait, 1.5)]
    [InlineData(Success, 60, EngineState.Missing, 0, null, WatchAction.Wait, 1440.0)] // the row is read once a day
    [InlineData(Failed, 29.5 * 1440, EngineState.Missing, 0, null, WatchAction.Wait, 0.5 * 1440 + 2.5)]
    // No orchestration drives it.
    [InlineData(Created, 3, EngineState.Missing, 0, null, WatchAction.Start, 5.0)]
    [InlineData(Preparing, 3, EngineState.Ended, 0, null, WatchAction.Start, 5.0)]
    [InlineData(InProgress, 3, EngineState.Missing, 0, null, WatchAction.Start, 5.0)]
    [InlineData(PruningFailed, 3, EngineState.Ended, 0, null, WatchAction.Start, 5.0)]
    [InlineData(Skipped, 30 * 1440 + 3, EngineState.Missing, 0, null, WatchAction.Start, 5.0)]
    // An orchestration drives it: it is woken, and then replaced.
    [InlineData(Created, 3, EngineState.Active, 2, null, WatchAction.Wait, 0.5)]
    [InlineData(Created, 3, EngineState.Active, 3, null, WatchAction.Wake, 2.5)]
    [InlineData(InProgress, 5, EngineState.Active, 5, 2.0, WatchAction.Wait, 0.5)]
    [InlineData(InProgress, 6, EngineState.Active, 6, 2.5, WatchAction.Replace, 2.5)]
    [InlineData(PartiallyProtected, 30 * 1440 + 6, EngineState.Active, 6, 2.5, WatchAction.Replace, 2.5)]
    // An operator has suspended it.
    [InlineData(InProgress, 60, EngineState.Suspended, 60, 50.0, WatchAction.Wait, 5.0)]
    // The run is over its time limit.
    [InlineData(Created, 366, EngineState.Active, 0, null, WatchAction.EndRun, null)]
    [InlineData(InProgress, 366, EngineState.Missing, 0, null, WatchAction.EndRun, null)]
    [InlineData(PruningFailed, 366, EngineState.Active, 0, null, WatchAction.Wait, 2.5)]
    public void Status_age_and_engine_decide_what_is_done(
        ProtectionStatus status, double age, EngineState engine, double stepAge, double? overdueFor, WatchAction action, double? minutesToNextLook)
    {
        var now = Start.AddMinutes(age);
        var item = Row(overdueFor is { } minutes ? now.AddMinutes(-minutes) : null);
        var stepAt = now.AddMinutes(-stepAge);

        var state = policy.StateOf(In(status), now);
        var decision = policy.Decide(item, state, now);
        if (decision.Action == WatchAction.AskEngine)
            decision = policy.Decide(item, state, engine, engine == EngineState.Missing ? null : new OrchestrationStep(stepAt, stepAt), now);

        Assert.Equal((action, minutesToNextLook), (decision.Action, (decision.DueAt - now)?.TotalMinutes));
        Assert.Equal(action is WatchAction.Wake or WatchAction.Replace, decision.IsOverdueFound);
    }

    [Theory]
    [InlineData(59, WatchAction.Wait)] // its create request may be in progress
    [InlineData(61, WatchAction.Complete)]
    public void An_item_without_a_protection_is_removed_after_an_hour(double age, WatchAction action) =>
        Assert.Equal(action, policy.Decide(Row(), null, Start.AddMinutes(age)).Action);

    [Theory]
    [InlineData(EngineState.Missing)]
    [InlineData(EngineState.Ended)]
    [InlineData(EngineState.Suspended)]
    [InlineData(EngineState.Active)]
    public void A_stall_is_reported_when_it_begins_whatever_the_engine_says(EngineState engine)
    {
        var stalledAt = policy.StateOf(In(Created), Start).StalledAt!.Value;
        var step = new OrchestrationStep(Start, Start);

        var before = policy.Decide(Row(), policy.StateOf(In(Created), Start), engine, step, stalledAt.AddSeconds(-1));
        Assert.Equal((false, stalledAt), (before.IsStalled, before.DueAt));
        Assert.True(policy.Decide(Row(), policy.StateOf(In(Created), Start), engine, step, stalledAt).IsStalled);
    }

    private static readonly OrchestrationStep Stopped = new(Start, Start);

    private static WorkItem Row(DateTimeOffset? overdueAt = null) => new(WorkKey.Lifecycle(In(Created).Id), Start, Start, Start, "1", OverdueAt: overdueAt);

    private (WatchAction Action, DateTimeOffset DueAt) Judge(Protection protection, WorkItem item, OrchestrationStep step, DateTimeOffset now) =>
        Judge(policy, protection, item, step, now);

    private static (WatchAction Action, DateTimeOffset DueAt) Judge(
        WatchPolicy policy, Protection protection, WorkItem item, OrchestrationStep step, DateTimeOffset now)
    {
        var decision = policy.Decide(item, policy.StateOf(protection, now), EngineState.Active, step, now);
        return (decision.Action, decision.DueAt!.Value);
    }

    private (WatchAction Action, DateTimeOffset DueAt) JudgeDeletion(WorkItem item, OrchestrationStep step, DateTimeOffset now)
    {
        var decision = policy.Decide(item, policy.StateOf(item), EngineState.Active, step, now);
        return (decision.Action, decision.DueAt!.Value);
    }

    private static Protection In(ProtectionStatus status) => new()
    {
        Id = new ProtectionId(new AssemblyKey(1, "demo", 7), 0, 1),
        Name = "Demo",
        Status = status,
        Sequence = 1,
        CreatedAt = Start,
        UpdatedAt = Start,
        ExpiresAt = Start + Retention,
        Counts = ResourceCounts.None,
    };
}
