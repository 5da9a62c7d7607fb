using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Tests.Support;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>The orchestration of a protection whose run was asked to end.</summary>
public sealed class CancelTests
{
    private static readonly DateTimeOffset Start = ProtectionScene.Start;

    private readonly ProtectionScene scene = new();

    [Fact]
    public void One_that_has_not_begun_fails_before_it_does()
    {
        var run = scene.Schedule();
        Cancel(Start);

        run.RunUntil(() => scene.Statuses.Length == 1);

        Assert.Equal((Failed, Start, "Cancelled by alice."), scene.Transitions[0]);
        Assert.Equal(Actors.Test, scene.TransitionsBy[0]);
        Assert.Empty(scene.Provider.Asked);
    }

    [Theory]
    [InlineData(Created, new[] { Failed })]
    [InlineData(Preparing, new[] { Preparing, Failed })]
    public void One_that_is_at_a_step_goes_no_further_than_that(ProtectionStatus status, ProtectionStatus[] expected)
    {
        var run = scene.Schedule();
        scene.Provider.Asking = () =>
        {
            if (scene.Row.Status == status)
                Cancel(run.Now);
        };

        run.RunUntil(() => scene.Row.Outcome is not null);

        Assert.Equal(expected, scene.Statuses);
        Assert.Equal("Cancelled by alice.", scene.Transitions[^1].Reason);
        Assert.Equal(Actors.Test, scene.TransitionsBy[^1]);
    }

    [Fact]
    public void One_that_waits_for_AWS_ends_at_once()
    {
        var run = scene.Schedule();
        scene.Provider.ConnectionChecks.Enqueue(new RetryLaterException("AWS limits requests.", TimeSpan.FromMinutes(5)));
        run.At(Start.AddSeconds(20), () =>
        {
            Cancel(run.Now);
            run.Raise(LifecycleOrchestrator.WakeEvent, "test");
        });

        run.RunUntil(() => scene.Row.Outcome is not null);

        Assert.Equal((Failed, Start.AddSeconds(20), "Cancelled by alice."), scene.Transitions[0]);
    }

    [Fact]
    public void One_that_captures_ends_with_what_it_has()
    {
        scene.Rounds.Clear();
        scene.Rounds.Enqueue(ProtectionScene.Round(3, 1, 0));
        var run = scene.Schedule();
        run.At(Start.AddSeconds(1), () =>
        {
            Cancel(run.Now);
            scene.Rounds.Clear();
            scene.Rounds.Enqueue(ProtectionScene.Round(3, 1, 2) with { Cancel = scene.Row.Cancel });
            run.Raise(LifecycleOrchestrator.WakeEvent, "test");
        });

        run.RunUntil(() => scene.Row.Outcome is not null);

        Assert.Equal(
            (PartiallyProtected, Start.AddSeconds(1), "Cancelled by alice. Resources captured: 1 of 3. r1: it is broken"), scene.Transitions[^1]);
        Assert.Equal(Actors.Test, scene.TransitionsBy[^1]);
    }

    private void Cancel(DateTimeOffset at) => scene.Row = scene.Row.RequestCancel(ProtectionSummary.None, at, Actors.Test).Protection;
}
