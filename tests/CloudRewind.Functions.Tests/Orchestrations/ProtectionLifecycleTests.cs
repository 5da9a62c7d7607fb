using Azure;
using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Tests.Support;
using Microsoft.DurableTask.Protobuf;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class ProtectionLifecycleTests
{
    private static readonly DateTimeOffset Start = ProtectionScene.Start;

    private readonly ProtectionScene scene = new();

    [Fact]
    public void A_protection_goes_through_its_phases_and_elapses_when_its_retention_ends()
    {
        var run = scene.Schedule();

        run.RunToEnd();

        Assert.Equal([Preparing, PreparationCompleted, InProgress, Success, Elapsed], scene.Statuses);
        Assert.InRange(scene.Transitions[^1].At, scene.Row.ExpiresAt!.Value, scene.Row.ExpiresAt.Value + TimeSpan.FromSeconds(1));
        Assert.True(scene.IsOffTheList);
        Assert.Equal(OrchestrationStatus.Completed, run.Ending!.OrchestrationStatus);
    }

    [Fact]
    public void One_without_a_row_ends_its_orchestration()
    {
        var run = scene.Schedule();
        scene.WithoutRow();

        run.RunToEnd();

        Assert.Equal([nameof(PrepareProtection)], run.Calls);
    }

    [Fact]
    public void One_that_has_elapsed_is_taken_off_the_watchdogs_list()
    {
        var run = scene.With(Elapsed, TimeSpan.FromDays(1)).Schedule();

        run.RunToEnd();

        Assert.Empty(scene.Statuses);
        Assert.True(scene.IsOffTheList);
    }

    [Fact]
    public void Without_a_connection_it_fails_before_it_is_prepared()
    {
        scene.Provider.ConnectionChecks.Enqueue(new CaptureRefusedException("The role cannot be assumed."));

        scene.Schedule().RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Failed], scene.Statuses);
        Assert.Equal("The role cannot be assumed.", scene.Transitions[^1].Reason);
    }

    [Fact]
    public void With_nothing_to_protect_it_is_skipped()
    {
        Discover(ScriptedProvider.Found(0));

        scene.Schedule().RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Preparing, Skipped], scene.Statuses);
    }

    [Fact]
    public void A_discovery_that_goes_wrong_is_tried_again_with_growing_pauses()
    {
        Discover(Unanswered("throttled"), Unanswered("throttled"), ScriptedProvider.Found(2));
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status == InProgress);

        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)], run.Timers);
        Assert.Equal(new ResourceCounts(2, 0, 0), scene.Row.Counts);
    }

    [Fact]
    public void A_discovery_that_goes_wrong_five_times_fails_the_protection_and_says_why()
    {
        Discover(Unanswered("the role cannot be assumed"));
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Preparing, Failed], scene.Statuses);
        Assert.Equal("The resources could not be discovered: the role cannot be assumed", scene.Transitions[^1].Reason);
        Assert.Equal(5, scene.Provider.Asked.Count(asked => asked == "discover"));
    }

    [Fact]
    public void An_outage_of_storage_is_no_fault_of_the_discovery()
    {
        Discover([.. Enumerable.Repeat(ScriptedProvider.Wrong(new StoreUnavailableException("storage does not answer", new IOException())), 8), ScriptedProvider.Found(2)]);
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Preparing, PreparationCompleted, InProgress, Success], scene.Statuses);
    }

    [Fact]
    public void A_connection_that_cannot_be_checked_five_times_fails_the_protection_and_says_why()
    {
        for (var attempt = 1; attempt <= 5; attempt++)
            scene.Provider.ConnectionChecks.Enqueue(new TimeoutException("timeout"));
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Failed], scene.Statuses);
        Assert.Equal("The connection could not be checked: timeout", scene.Transitions[^1].Reason);
        Assert.Equal([2, 4, 8, 16], run.Timers.Select(timer => timer.TotalSeconds));
    }

    [Theory]
    [InlineData(Created)]
    [InlineData(Preparing)]
    [InlineData(PreparationCompleted)]
    public void An_activity_that_fails_at_every_attempt_before_the_captures_fails_the_protection(ProtectionStatus status)
    {
        scene.Row = scene.Row with { Status = status, Sequence = (int)status };
        var run = scene.Schedule();
        FailPreparation(run, new TimeoutException("nothing was heard"));

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Failed], scene.Statuses);
        Assert.Equal("PrepareProtection failed at every attempt: nothing was heard", scene.Transitions[^1].Reason);
    }

    [Fact]
    public void What_storage_refuses_for_good_is_not_tried_again()
    {
        var run = scene.Schedule();
        var calls = FailPreparation(run, new RequestFailedException(400, "The property value is too large."));

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal((1, Failed), (calls(), scene.Row.Status));
    }

    [Fact]
    public void An_activity_whose_failure_has_no_details_fails_the_protection_all_the_same()
    {
        var run = scene.Schedule();
        FailPreparation(run, new IOException("nobody is told"));

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Failed], scene.Statuses);
        Assert.StartsWith("PrepareProtection failed at every attempt", scene.Transitions[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_keeps_a_protection_with_its_outcome_from_being_read_does_not_fail_it()
    {
        var run = scene.With(Success, TimeSpan.FromDays(30)).Schedule();
        FailPreparation(run, new TimeoutException("nothing was heard"));

        run.RunUntil(() => run.Now > Start.AddDays(1));

        Assert.Empty(scene.Statuses);
    }

    [Fact]
    public void A_connection_that_is_lost_after_the_preparation_fails_the_protection()
    {
        scene.Provider.ConnectionChecks.Enqueue(null);
        scene.Provider.ConnectionChecks.Enqueue(new CaptureRefusedException("The role cannot be assumed."));

        scene.Schedule().RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Preparing, PreparationCompleted, Failed], scene.Statuses);
    }

    [Theory]
    [InlineData(2, 0, Success)]
    [InlineData(1, 1, PartiallyProtected)]
    [InlineData(0, 2, Failed)]
    public void The_outcome_follows_from_what_was_captured(int captured, int failed, ProtectionStatus outcome)
    {
        scene.Rounds.Enqueue(ProtectionScene.Round(2, captured, failed));
        scene.Rounds.Dequeue();

        scene.Schedule().RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([Preparing, PreparationCompleted, InProgress, outcome], scene.Statuses);
        Assert.StartsWith($"Resources captured: {captured} of 2.", scene.Transitions[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(failed > 0, scene.Transitions[^1].Reason.EndsWith("r1: it is broken", StringComparison.Ordinal));
    }

    [Fact]
    public void While_nothing_moves_the_looks_get_rarer_and_with_the_next_move_frequent_again()
    {
        scene.Rounds.Clear();
        foreach (var moved in new[] { true, false, false, true })
            scene.Rounds.Enqueue(ProtectionScene.Round(2, 0, 0, moved));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 2, 0));
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([2, 3, 4.5, 2], run.Timers.Select(timer => timer.TotalSeconds));
    }

    [Fact]
    public void The_last_look_comes_at_the_time_limit()
    {
        scene.Rounds.Clear();
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 1, 0, timeLeft: TimeSpan.FromSeconds(1.5)));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 1, 0, timeLeft: TimeSpan.FromSeconds(0.5)));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 1, 1, timeLeft: TimeSpan.Zero));
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([1.5, 1], run.Timers.Select(timer => timer.TotalSeconds));
        Assert.Equal(PartiallyProtected, scene.Row.Status);
    }

    [Fact]
    public void An_interval_of_less_than_a_second_counts_as_a_second_because_a_shorter_timer_fires_at_once()
    {
        scene.Polling = new PollingOptions(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        scene.Rounds.Clear();
        for (var round = 1; round <= 5; round++)
            scene.Rounds.Enqueue(ProtectionScene.Round(2, 0, 0));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 2, 0));
        scene.Removals.Clear();
        scene.Removals.Enqueue(ProtectionScene.Removal(1));
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        scene.Row = scene.Row with { ExpiresAt = Start };
        var run = scene.Schedule();

        run.RunToEnd();

        Assert.Equal(6, run.Timers.Count);
        Assert.All(run.Timers, timer => Assert.Equal(TimeSpan.FromSeconds(1), timer));
    }

    [Fact]
    public void A_provider_that_asks_for_patience_is_not_asked_again_before()
    {
        scene.Rounds.Clear();
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 0, 0, retryAfter: TimeSpan.FromSeconds(11)));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 2, 0));
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal([TimeSpan.FromSeconds(11)], run.Timers);
    }

    [Fact]
    public void What_passes_before_the_captures_begin_is_waited_for_however_often_within_ten_minutes()
    {
        Discover([.. Enumerable.Repeat(Throttled, 12), ScriptedProvider.Found(2)]);
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal(Success, scene.Row.Status);
        Assert.Equal([9, 9, 9, 16, 32, 60, 60], run.Timers.Take(7).Select(timer => timer.TotalSeconds));
    }

    [Fact]
    public void What_does_not_pass_within_ten_minutes_fails_the_protection_with_its_reason()
    {
        Discover(Throttled);
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal((Failed, "Request limit exceeded."), (scene.Row.Status, scene.Transitions[^1].Reason));
        Assert.InRange(run.Now - Start, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public void What_is_not_covered_is_said_when_the_resources_are_on_record()
    {
        Discover(ScriptedProvider.Found(2, new LeftOut("i-1", "instance-store", "its data goes when it stops.")));

        scene.Schedule().RunUntil(() => scene.Row.Status == InProgress);

        Assert.Equal("Resources to protect: 2. Not covered: i-1 (instance-store): its data goes when it stops.", scene.Transitions[1].Reason);
    }

    [Fact]
    public void After_fifty_rounds_the_history_begins_anew_and_the_pace_goes_on()
    {
        scene.Rounds.Clear();
        for (var round = 1; round <= 120; round++)
            scene.Rounds.Enqueue(ProtectionScene.Round(2, 0, 0, started: false));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 2, 0));
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status.IsOutcome());

        Assert.Equal(2, run.Restarts);
        Assert.All(run.Timers.Skip(20), timer => Assert.Equal(PollingOptions.LongestPollInterval, timer));
    }

    [Fact]
    public void What_an_outage_keeps_from_working_is_tried_again()
    {
        var run = scene.Schedule();
        foreach (var (name, activity) in scene.Activities())
        {
            var attempts = 0;
            run.Activities[name] = input => ++attempts <= 8 ? throw new IOException("storage does not answer") : activity(input);
        }

        run.RunToEnd();

        Assert.Equal(Elapsed, scene.Row.Status);
    }

    [Fact]
    public void An_outage_that_lasts_ends_the_orchestration_for_the_watchdog_to_start_it_again()
    {
        var run = scene.Schedule();
        run.Activities[nameof(CaptureResources)] = _ => throw new IOException("storage does not answer");

        run.RunToEnd();

        Assert.Equal(OrchestrationStatus.Failed, run.Ending!.OrchestrationStatus);
        Assert.True(run.Now > Start.AddMinutes(8));
    }

    [Theory]
    [InlineData(Preparing, 1)]
    [InlineData(InProgress, 1)]
    [InlineData(Success, 1)]
    [InlineData(PruningFailed, 1)]
    public void One_that_was_replaced_ends_at_its_next_step_and_changes_nothing(ProtectionStatus status, int generation)
    {
        if (status.IsRunning())
            scene.Row = scene.Row with { Status = status, Sequence = (int)status };
        else
            scene.With(status, TimeSpan.FromDays(30));
        scene.Rounds.Clear();
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 0, 0));
        scene.Removals.Clear();
        scene.Removals.Enqueue(ProtectionScene.Removal(1));
        Discover(Throttled);
        var run = scene.Schedule();
        run.RunUntil(() => run.Timers.Count == 1);
        var before = scene.Row = scene.Row with { Generation = generation };

        run.RunToEnd();

        Assert.Equal(OrchestrationStatus.Completed, run.Ending!.OrchestrationStatus);
        Assert.Equal(before, scene.Row);
    }

    [Fact]
    public void The_one_that_replaces_it_goes_on_from_the_row()
    {
        scene.Row = scene.Row with { Status = InProgress, Sequence = 3, Generation = 2 };

        scene.Schedule().RunToEnd();

        Assert.Equal([Success, Elapsed], scene.Statuses);
    }

    [Fact]
    public void Each_step_says_when_the_next_is_due()
    {
        scene.Rounds.Clear();
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 0, 0, retryAfter: TimeSpan.FromSeconds(40)));
        var run = scene.Schedule();
        run.Activities[nameof(PrepareProtection)] = input =>
        {
            Assert.Equal(new OrchestrationStep(run.Now, run.Now), run.Shown<StepStatus>().Step);
            return scene.Activities()[nameof(PrepareProtection)](input);
        };

        run.RunUntil(() => run.Timers.Count == 1);

        Assert.Equal(
            new StepStatus(new OrchestrationStep(run.Now, run.Now.AddSeconds(40)), InProgress, ProtectionScene.Round(2, 0, 0).Progress), run.Shown<StepStatus>());
    }

    private static readonly Func<Discovery> Throttled = ScriptedProvider.Wrong(new RetryLaterException("Request limit exceeded.", TimeSpan.FromSeconds(9)));

    private static Func<Discovery> Unanswered(string failure) => ScriptedProvider.Wrong(new IOException(failure));

    // Until it is given up.
    private static Func<int> FailPreparation(OrchestrationRun run, Exception error)
    {
        var calls = 0;
        var usual = run.Activities[nameof(PrepareProtection)];
        run.Activities[nameof(PrepareProtection)] = input =>
        {
            if (ProtectionScene.Read<LifecycleInput>(input).GivenUp is not null)
                return usual(input);
            calls++;
            throw error;
        };
        return () => calls;
    }

    private void Discover(params Func<Discovery>[] discoveries)
    {
        scene.Provider.Discoveries.Clear();
        foreach (var discovery in discoveries)
            scene.Provider.Discoveries.Enqueue(discovery);
    }
}
