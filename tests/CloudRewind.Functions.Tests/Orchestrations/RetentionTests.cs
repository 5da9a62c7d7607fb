using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Tests.Support;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>The orchestration of a protection from its outcome on.</summary>
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Start = ProtectionScene.Start;

    private readonly ProtectionScene scene = new();

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_300)]
    [InlineData(1_999)]
    [InlineData(90_500)]
    [InlineData(518_400_250)] // the longest wait, and a little
    public void Nothing_is_pruned_before_its_retention_ends_although_timers_fire_early(int retention)
    {
        var run = scene.With(Success, TimeSpan.FromMilliseconds(retention)).Schedule();

        run.RunToEnd();

        Assert.Equal([Elapsed], scene.Statuses);
        Assert.True(scene.Transitions[0].At >= scene.Row.ExpiresAt, $"at {scene.Transitions[0].At:O}, not at {scene.Row.ExpiresAt:O}");
    }

    [Fact]
    public void A_wait_that_a_timer_ends_too_early_goes_on_for_at_least_a_second()
    {
        var run = scene.With(Success, TimeSpan.FromMinutes(1)).Schedule();
        run.RunUntil(() => run.Timers.Count == 1);
        scene.Row = scene.Row with { ExpiresAt = scene.Row.ExpiresAt!.Value.AddSeconds(0.5) }; // the timer that stands is early now

        run.RunToEnd();

        Assert.Equal(2, run.Timers.Count);
        Assert.True(run.Timers[1] >= TimeSpan.FromSeconds(1), $"{run.Timers[1]}");
        Assert.True(scene.Transitions[0].At >= scene.Row.ExpiresAt);
    }

    [Fact]
    public void A_request_to_prune_ends_the_wait_at_once()
    {
        var run = scene.With(Success, TimeSpan.FromDays(30)).Schedule();
        var asked = Start.AddDays(1);
        run.At(asked, () =>
        {
            scene.Row = scene.Row with { Prune = Actors.Prune(asked) };
            run.Raise(LifecycleOrchestrator.WakeEvent, "test");
        });

        run.RunToEnd();

        Assert.Equal((Elapsed, asked, "It was to be pruned. Nothing of it is left."), scene.Transitions[0]);
    }

    [Fact]
    public void An_event_alone_prunes_nothing_because_the_row_decides()
    {
        var run = scene.With(Success, TimeSpan.FromDays(2)).Schedule();
        run.At(Start.AddDays(1), () => run.Raise("WAKE", new { whatever = 1 }));

        run.RunToEnd();

        Assert.Equal((Elapsed, "Its retention has ended. Nothing of it is left."), (scene.Transitions[0].To, scene.Transitions[0].Reason));
        Assert.True(scene.Transitions[0].At >= scene.Row.ExpiresAt);
        Assert.Equal(2, run.Timers.Count);
    }

    [Fact]
    public void A_request_whose_event_comes_together_with_the_timer_is_not_lost()
    {
        var run = scene.With(Success, TimeSpan.FromDays(30)).Schedule();
        run.RunUntil(() => run.Timers.Count == 2); // the SDK makes two timers of the longest wait
        var woken = Start.AddDays(6);
        run.At(new DateTimeOffset(woken.Year, woken.Month, woken.Day, 0, 0, 0, TimeSpan.Zero), () =>
        {
            scene.Row = scene.Row with { Prune = Actors.Prune(run.Now) };
            run.Raise(LifecycleOrchestrator.WakeEvent, "test");
        });

        run.RunToEnd();

        Assert.Equal([Elapsed], scene.Statuses);
        Assert.True(scene.Transitions[0].At < Start.AddDays(6.1));
    }

    [Fact]
    public void A_request_whose_event_is_lost_is_found_when_the_row_is_read_next()
    {
        var run = scene.With(Success, TimeSpan.FromDays(30)).Schedule();
        run.At(Start.AddDays(1), () => scene.Row = scene.Row with { Prune = Actors.Prune(Start.AddDays(1)) });

        run.RunToEnd();

        Assert.Equal("It was to be pruned. Nothing of it is left.", scene.Transitions[0].Reason);
        Assert.True(scene.Transitions[0].At <= Start.AddDays(6));
    }

    [Fact]
    public void A_request_that_comes_while_the_run_ends_is_kept_for_the_wait()
    {
        var run = scene.Schedule();
        run.Activities[nameof(PrepareProtection)] = input =>
        {
            var state = scene.Activities()[nameof(PrepareProtection)](input);
            if (scene.Row.Status == Success && scene.Row.Prune is null)
            {
                scene.Row = scene.Row with { Prune = Actors.Prune(run.Now) }; // after it was read
                run.Raise(LifecycleOrchestrator.WakeEvent, "test");
            }

            return state;
        };

        run.RunToEnd();

        Assert.Equal(Elapsed, scene.Row.Status);
        Assert.True(run.Now < Start.AddMinutes(1));
    }

    [Fact]
    public void A_year_is_waited_in_parts_and_no_history_grows()
    {
        var run = scene.With(Success, TimeSpan.FromDays(365)).Schedule();

        run.RunToEnd();

        Assert.InRange(run.Restarts, 61, 62);
        Assert.All(run.Timers, timer => Assert.True(timer <= TimeSpan.FromDays(6)));
        Assert.InRange(run.LongestHistory, 1, 25);
        Assert.True(scene.Transitions[0].At >= scene.Row.ExpiresAt);
    }

    [Fact]
    public void What_cannot_be_removed_is_tried_again_with_pauses_that_double_up_to_a_day()
    {
        scene.With(Success, TimeSpan.FromSeconds(1)).Removals.Clear();
        for (var attempt = 1; attempt <= 14; attempt++)
            scene.Removals.Enqueue(ProtectionScene.Removal(1));
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        scene.Row = scene.Row with { ExpiresAt = Start };
        var run = scene.Schedule();

        run.RunToEnd();

        Assert.Equal([PruningFailed, Elapsed], scene.Statuses);
        Assert.Equal("Resources that could not be removed: 1. r1: it is locked", scene.Transitions[0].Reason);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440, 1440], run.Timers.Select(timer => timer.TotalMinutes));
        Assert.True(scene.IsOffTheList);
    }

    [Fact]
    public void What_passes_is_waited_for_quietly_and_no_sooner_than_was_asked_for()
    {
        scene.With(Success, TimeSpan.FromSeconds(1)).Removals.Clear();
        scene.Removals.Enqueue(Waiting(TimeSpan.FromSeconds(90)));
        scene.Removals.Enqueue(Waiting(TimeSpan.Zero));
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        scene.Row = scene.Row with { ExpiresAt = Start };
        var run = scene.Schedule();

        run.RunToEnd();

        Assert.Equal([Elapsed], scene.Statuses);
        Assert.Equal([1.5, 2], run.Timers.Select(timer => timer.TotalMinutes));
    }

    [Fact]
    public void What_removes_something_is_soon_tried_again()
    {
        scene.With(Success, TimeSpan.FromSeconds(1)).Removals.Clear();
        for (var round = 1; round <= 6; round++)
            scene.Removals.Enqueue(Waiting(TimeSpan.FromSeconds(7)) with { Removed = 50 });
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        scene.Row = scene.Row with { ExpiresAt = Start };
        var run = scene.Schedule();

        run.RunToEnd();

        Assert.Equal([1, 1, 1, 1, 1, 1], run.Timers.Select(timer => timer.TotalMinutes));
    }

    [Fact]
    public void What_does_not_pass_within_the_time_limit_of_a_run_fails_the_pruning_with_its_reason_and_is_tried_further()
    {
        scene.With(Success, TimeSpan.FromSeconds(1)).Removals.Clear();
        scene.Removals.Enqueue(Waiting(TimeSpan.FromSeconds(7)));
        scene.Row = scene.Row with { ExpiresAt = Start };
        var run = scene.Schedule();

        run.RunUntil(() => scene.Row.Status == PruningFailed);

        Assert.Equal("Resources that were not removed within 06:00:00: 2. AWS does not answer.", scene.Transitions[0].Reason);
        Assert.True(scene.Transitions[0].At >= Start.AddHours(6), $"{scene.Transitions[0].At}");
        scene.Removals.Clear();
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        run.RunToEnd();
        Assert.Equal([PruningFailed, Elapsed], scene.Statuses);
    }

    [Fact]
    public void A_request_to_prune_ends_the_pause_before_the_next_attempt()
    {
        scene.With(PruningFailed, TimeSpan.FromSeconds(1)).Removals.Clear();
        scene.Removals.Enqueue(ProtectionScene.Removal(1));
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        var run = scene.Schedule();
        run.At(Start.AddSeconds(20), () => run.Raise(LifecycleOrchestrator.WakeEvent, "test"));

        run.RunToEnd();

        Assert.Equal((Elapsed, Start.AddSeconds(20)), (scene.Transitions[0].To, scene.Transitions[0].At));
    }

    [Fact]
    public void Requests_however_many_lead_to_two_attempts_at_most_and_put_the_next_one_off_no_further()
    {
        scene.With(PruningFailed, TimeSpan.FromSeconds(1)).Removals.Clear();
        scene.Removals.Enqueue(ProtectionScene.Removal(1));
        var run = scene.Schedule();
        run.RunUntil(() => run.Timers.Count == 5);
        Assert.Equal(16, run.Timers[^1].TotalMinutes);
        for (var request = 0; request < 20; request++)
            run.Raise(LifecycleOrchestrator.WakeEvent, "test");

        run.RunUntil(() => run.Timers.Count == 8);

        Assert.Equal([1, 1, 2], run.Timers.Skip(5).Select(timer => timer.TotalMinutes));
    }

    [Fact]
    public void Removing_goes_on_round_by_round_and_passes_over_what_it_had_to_keep()
    {
        scene.With(Success, TimeSpan.FromSeconds(1)).Removals.Clear();
        scene.Row = scene.Row with { ExpiresAt = Start };
        scene.Removals.Enqueue(ProtectionScene.Removal(10, untried: 200));
        scene.Removals.Enqueue(ProtectionScene.Removal(10, untried: 200));
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        var skips = new List<int>();
        var run = scene.Schedule();
        var usual = run.Activities[nameof(PruneResources)];
        run.Activities[nameof(PruneResources)] = input =>
        {
            skips.Add(ProtectionScene.Read<LifecycleInput>(input).Pruned?.Left ?? 0);
            return usual(input);
        };

        run.RunUntil(() => scene.Row.Status == PruningFailed);

        Assert.Equal([0, 10, 20], skips);
        Assert.Equal("Resources that could not be removed: 20. r1: it is locked", scene.Transitions[0].Reason);
    }

    [Fact]
    public void The_newest_good_copy_is_kept_and_looked_at_again_until_a_newer_one_is_there()
    {
        scene.With(Success, TimeSpan.FromSeconds(10));
        scene.Summary = ProtectionSummary.None.End(scene.Row);
        var run = scene.Schedule();
        run.At(Start.AddDays(3), () =>
        {
            scene.Summary = ProtectionSummary.None; // another is the newest
            run.Raise(LifecycleOrchestrator.WakeEvent, "test");
        });

        run.RunToEnd();

        Assert.Equal([Elapsed], scene.Statuses);
        Assert.InRange(scene.Transitions[0].At, Start.AddDays(3), Start.AddDays(3).AddSeconds(1));
        Assert.Equal("retention", scene.TransitionsBy[0]!.Name);
        Assert.Equal(1, scene.Row.Events - 1); // kept, said once, and then the decision
        Assert.InRange(run.LongestHistory, 1, 25);
    }

    private static PruneRound Waiting(TimeSpan after) => PruneRound.None with { Waiting = 2, RetryAfter = after, Reason = "AWS does not answer." };

    [Fact]
    public void A_copy_that_a_count_ends_waits_until_it_is_told()
    {
        scene.With(Success, TimeSpan.FromSeconds(10));
        scene.Row = scene.Row with { ExpiresAt = null };
        var run = scene.Schedule();
        run.At(Start.AddDays(400), () =>
        {
            scene.Row = scene.Row with { Prune = new Request(run.Now, Actor.Retention("test"), "Its policy keeps 3 good copies, and there are newer ones.") };
            run.Raise(LifecycleOrchestrator.WakeEvent, "test");
        });

        run.RunToEnd();

        Assert.Equal("Its policy keeps 3 good copies, and there are newer ones. Nothing of it is left.", scene.Transitions[0].Reason);
        Assert.InRange(run.LongestHistory, 1, 25);
    }
}
