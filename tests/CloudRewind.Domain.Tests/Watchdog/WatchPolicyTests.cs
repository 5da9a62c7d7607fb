using CloudRewind.Domain.Assemblies;
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
        Assert.Equal(Start + policy.Patience / 2, policy.AskFrom(In(status), Start));

    [Theory]
    [InlineData(Success)]
    [InlineData(PartiallyProtected)]
    [InlineData(Skipped)]
    [InlineData(Failed)]
    public void A_protection_with_its_outcome_is_asked_about_after_its_retention(ProtectionStatus status) =>
        Assert.Equal(Start + Retention + policy.Patience / 2, policy.AskFrom(In(status), Start));

    [Fact]
    public void A_protection_to_be_pruned_early_is_asked_about_then() =>
        Assert.Equal(
            Start + TimeSpan.FromDays(1) + policy.Patience / 2,
            policy.AskFrom(In(Success) with { Prune = new Request(Start + TimeSpan.FromDays(1), Actor.Retention(""), "") }, Start));

    [Fact]
    public void A_copy_that_is_kept_is_asked_about_after_a_day() =>
        Assert.Equal(
            Start + Retention + RetentionRules.CheckInterval + policy.Patience / 2,
            policy.AskFrom(In(Success) with { Kept = new RetentionHold(Start + Retention, "It is the newest.") }, Start));

    [Fact]
    public void A_copy_that_a_count_ends_is_neither_asked_about_nor_stalled()
    {
        var copy = In(Success) with { ExpiresAt = null };
        Assert.Null(policy.AskFrom(copy, Start));
        Assert.Null(policy.StalledFrom(copy));
        Assert.Null(policy.StalledFrom(copy with { Kept = new RetentionHold(Start, "It is locked.") }));
    }

    [Fact]
    public void A_protection_that_expired_before_its_outcome_is_asked_about_from_its_outcome() =>
        Assert.Equal(Start + policy.Patience / 2, policy.AskFrom(In(Success) with { ExpiresAt = Start - Retention }, Start));

    [Fact]
    public void A_run_is_stalled_only_after_its_time_limit() =>
        Assert.True(policy.StalledFrom(In(InProgress)) > Start + policy.RunTimeLimit);

    [Fact]
    public void A_prune_is_stalled_only_after_the_time_for_which_it_may_wait() =>
        Assert.True(policy.StalledFrom(In(Success) with { Prune = new Request(Start, Actor.Retention(""), "") }) > Start + policy.RunTimeLimit);

    [Fact]
    public void A_protection_that_cannot_be_pruned_is_never_stalled() => Assert.Null(policy.StalledFrom(In(PruningFailed)));

    [Theory]
    [InlineData(Created)]
    [InlineData(Preparing)]
    [InlineData(InProgress)]
    [InlineData(Success)]
    public void A_protection_is_asked_about_before_it_is_stalled(ProtectionStatus status) =>
        Assert.True(policy.AskFrom(In(status), Start) < policy.StalledFrom(In(status)));

    [Fact]
    public void A_protection_that_was_written_by_a_clock_that_is_ahead_is_asked_about_now() =>
        Assert.Equal(Start.AddDays(-40), policy.AskFrom(In(Preparing), Start.AddDays(-40)));

    [Theory]
    [InlineData(0, 0, 2.5)]
    [InlineData(0, 1, 3.5)] // it waits
    [InlineData(3, 0, 5.5)] // it has made a step since
    public void An_orchestration_is_alive_until_its_next_step_is_overdue_by_half_of_the_patience(double stepAt, double wait, double overdueFrom)
    {
        var step = new OrchestrationStep(Start.AddMinutes(stepAt), Start.AddMinutes(stepAt + wait));

        Assert.Equal((Finding.Alive, Start.AddMinutes(overdueFrom)), policy.Judge(In(InProgress), Row(), step, Start.AddMinutes(overdueFrom).AddTicks(-1)));
        Assert.Equal(Finding.Overdue, policy.Judge(In(InProgress), Row(), step, Start.AddMinutes(overdueFrom)).Finding);
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

        Assert.Equal((Finding.Overdue, found + grace), impatient.Judge(protection, Row(), Stopped, found));
        Assert.Equal((Finding.StillOverdue, found + grace), impatient.Judge(protection, Row(found), Stopped, found + grace - TimeSpan.FromTicks(1)));
        Assert.Equal(Finding.Lost, impatient.Judge(protection, Row(found), Stopped, found + grace).Finding);
    }

    [Fact]
    public void One_that_has_made_a_step_since_it_was_found_overdue_is_given_its_time_again()
    {
        var step = new OrchestrationStep(Start.AddHours(2), Start.AddHours(2));

        Assert.Equal(Finding.Overdue, policy.Judge(In(InProgress), Row(Start.AddHours(1)), step, Start.AddHours(3)).Finding);
    }

    [Fact]
    public void One_whose_wait_is_over_because_something_is_expected_of_it_is_overdue_whatever_it_waits_for()
    {
        var step = new OrchestrationStep(Start, Start.AddDays(6));
        var asked = Start.AddDays(1);
        var now = asked + policy.Patience / 2;

        Assert.Equal(Finding.Alive, policy.Judge(In(Success), Row(), step, now).Finding);
        Assert.Equal(Finding.Overdue, policy.Judge(In(Success) with { Prune = new Request(asked, Actor.Retention(""), "") }, Row(), step, now).Finding);
        Assert.Equal(Finding.Overdue, policy.Judge(In(InProgress) with { Cancel = new Request(asked, Actor.Retention(""), "") }, Row(), step, now).Finding);
        Assert.Equal(Finding.Overdue, policy.Judge(In(PruningFailed), Row() with { WrittenAt = asked }, step, now).Finding); // asked for again
    }

    [Fact]
    public void One_that_was_cancelled_before_its_outcome_may_wait_until_the_next_attempt_to_prune_it()
    {
        var failed = In(PruningFailed) with { Cancel = new Request(Start.AddMinutes(1), Actor.Retention(""), ""), Prune = new Request(Start, Actor.Retention(""), "") };
        var step = new OrchestrationStep(Start.AddSeconds(1), Start.AddDays(1));

        Assert.Equal(Finding.Alive, policy.Judge(failed, Row(), step, Start.AddHours(12)).Finding);
    }

    [Fact]
    public void A_step_of_a_clock_that_was_turned_back_since_is_overdue()
    {
        var step = new OrchestrationStep(Start.AddDays(40), Start.AddDays(41));

        Assert.Equal(Finding.Overdue, policy.Judge(In(Success), Row(), step, Start.AddHours(1)).Finding);
        Assert.Equal(Finding.Lost, policy.Judge(In(Success), Row(Start), step, Start.AddHours(1)).Finding);
    }

    [Fact]
    public void A_deletion_is_judged_by_its_steps_alone()
    {
        var deletion = new UnfinishedDeletion(In(Created).Id.Assembly, Start);

        Assert.Equal(Finding.Alive, policy.Judge(deletion, new OrchestrationStep(Start.AddHours(1), Start.AddHours(1)), Start.AddHours(1)).Finding);
        Assert.Equal(Finding.Overdue, policy.Judge(deletion, Stopped, Start.AddHours(1)).Finding);
        Assert.Equal(Finding.Lost, policy.Judge(deletion with { OverdueAt = Start.AddHours(1) }, Stopped, Start.AddHours(2)).Finding);
    }

    [Theory]
    [InlineData(Created)]
    [InlineData(InProgress)]
    public void A_run_that_nothing_ends_is_ended_after_its_time_limit_and_before_it_is_stalled(ProtectionStatus status)
    {
        Assert.Equal(Start + policy.RunTimeLimit + policy.Patience, policy.EndFrom(In(status)));
        Assert.True(policy.EndFrom(In(InProgress)) < policy.StalledFrom(In(InProgress)));
    }

    [Theory]
    [InlineData(Success)]
    [InlineData(PruningFailed)]
    [InlineData(Elapsed)]
    public void What_has_its_outcome_has_no_run_to_be_ended(ProtectionStatus status) => Assert.Null(policy.EndFrom(In(status)));

    private static readonly OrchestrationStep Stopped = new(Start, Start);

    private static UnfinishedProtection Row(DateTimeOffset? overdueAt = null) => new(In(Created).Id, Start, overdueAt, "1");

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
