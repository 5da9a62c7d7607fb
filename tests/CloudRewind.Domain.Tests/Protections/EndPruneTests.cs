using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Tests.Capture;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Protections;

/// <summary>What an attempt to remove a protection's data leads to.</summary>
public sealed class EndPruneTests
{
    private static readonly DateTimeOffset Decided = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);
    private static readonly Protection Copy = Sample.InProgress(Decided) with { Status = Success, Prune = new Request(Decided, Copies.Person, "It was to be pruned.") };

    [Fact]
    public void Nothing_left_is_elapsed()
    {
        var elapsed = End(PruneRound.None with { Removed = 3 })!;

        Assert.Equal((Elapsed, "It was to be pruned. Nothing of it is left.", Copies.Person), (elapsed.To, elapsed.Reason, elapsed.By));
    }

    [Fact]
    public void A_refusal_fails_the_pruning_once_and_at_once()
    {
        var attempt = PruneRound.None with { Kept = 2, Waiting = 1, Reason = "a: it is locked" };

        Assert.Equal((PruningFailed, "Resources that could not be removed: 2. a: it is locked"), (End(attempt)!.To, End(attempt)!.Reason));
        Assert.Null((Copy with { Status = PruningFailed }).EndPrune(attempt, Patience, Decided));
    }

    [Fact]
    public void What_is_left_for_the_next_round_decides_nothing() => Assert.Null(End(PruneRound.None with { Removed = 200, Kept = 1, Untried = 1 }));

    [Fact]
    public void What_passes_is_waited_for_as_long_as_a_run_may_take()
    {
        var attempt = PruneRound.None with { Waiting = 2, Reason = "AWS limits the requests." };

        Assert.Null(End(attempt, Patience - TimeSpan.FromSeconds(1)));
        var failed = End(attempt, Patience)!;
        Assert.Equal((PruningFailed, "Resources that were not removed within 06:00:00: 2. AWS limits the requests."), (failed.To, failed.Reason));
    }

    [Fact]
    public void The_rounds_of_an_attempt_add_up()
    {
        var attempt = new PruneRound(5, 0, 2, 9, TimeSpan.FromSeconds(7), "b: wait").Then(new PruneRound(3, 1, 1, 0, TimeSpan.FromSeconds(5), "c: locked"));

        Assert.Equal(new PruneRound(8, 1, 3, 0, TimeSpan.FromSeconds(7), "c: locked"), attempt);
        Assert.Equal("c: locked", attempt.Then(new PruneRound(0, 1, 0, 0, TimeSpan.Zero, "d: locked")).Reason);
    }

    private static ProtectionTransition? End(PruneRound attempt, TimeSpan after = default) => Copy.EndPrune(attempt, Patience, Decided + after);
}
