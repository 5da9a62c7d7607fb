using CloudRewind.Domain.Protections;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Protections;

public sealed class LifecycleTests
{
    private static readonly ProtectionStatus[] All = Enum.GetValues<ProtectionStatus>();

    [Fact]
    public void Every_state_can_be_reached() => Assert.Equal(All.ToHashSet(), ReachableFrom(null));

    [Fact]
    public void Every_state_but_the_last_can_reach_elapsed() =>
        Assert.All(All.Where(status => status != Elapsed), status => Assert.Contains(Elapsed, ReachableFrom(status)));

    [Fact]
    public void Nothing_leaves_elapsed() => Assert.DoesNotContain(Lifecycle.Transitions, row => row.From == Elapsed);

    [Fact]
    public void No_state_can_be_reached_twice() => Assert.All(All, status => Assert.DoesNotContain(status, ReachableFrom(status)));

    [Fact]
    public void The_table_is_the_documented_one() => Assert.Equal(
        new (ProtectionStatus?, ProtectionStatus)[]
        {
            (null, Created),
            (Created, Preparing),
            (Created, Failed),
            (Preparing, PreparationCompleted),
            (Preparing, Skipped),
            (Preparing, Failed),
            (PreparationCompleted, InProgress),
            (PreparationCompleted, Failed),
            (InProgress, Success),
            (InProgress, PartiallyProtected),
            (InProgress, Failed),
            (Success, Elapsed),
            (Success, PruningFailed),
            (PartiallyProtected, Elapsed),
            (PartiallyProtected, PruningFailed),
            (Skipped, Elapsed),
            (Skipped, PruningFailed),
            (Failed, Elapsed),
            (Failed, PruningFailed),
            (PruningFailed, Elapsed),
        }.ToHashSet(),
        Lifecycle.Transitions.Select(row => (row.From, row.To)).ToHashSet());

    [Fact]
    public void Only_the_pairs_in_the_table_are_allowed()
    {
        foreach (var from in All.Cast<ProtectionStatus?>().Append(null))
        {
            foreach (var to in All)
                Assert.Equal(Lifecycle.Transitions.Any(row => row.From == from && row.To == to), Lifecycle.Allows(from, to));
        }
    }

    [Theory]
    [InlineData(Created, true, false, false)]
    [InlineData(Preparing, true, false, false)]
    [InlineData(PreparationCompleted, true, false, false)]
    [InlineData(InProgress, true, false, false)]
    [InlineData(PartiallyProtected, false, true, false)]
    [InlineData(Success, false, true, false)]
    [InlineData(Skipped, false, true, false)]
    [InlineData(Failed, false, true, false)]
    [InlineData(PruningFailed, false, false, false)]
    [InlineData(Elapsed, false, false, true)]
    public void A_state_is_before_its_outcome_or_the_outcome_or_after_it(ProtectionStatus status, bool isRunning, bool isOutcome, bool isFinal)
    {
        Assert.Equal(isRunning, status.IsRunning());
        Assert.Equal(isOutcome, status.IsOutcome());
        Assert.Equal(isFinal, status.IsFinal());
    }

    [Theory]
    [InlineData(0, 0, 0, Skipped)]
    [InlineData(2, 2, 0, Success)]
    [InlineData(2, 1, 1, PartiallyProtected)]
    [InlineData(2, 0, 2, Failed)]
    public void The_outcome_follows_from_the_counts(int total, int captured, int failed, ProtectionStatus expected) =>
        Assert.Equal(expected, Lifecycle.OutcomeOf(new ResourceCounts(total, captured, failed)));

    [Fact]
    public void A_run_with_unfinished_resources_has_no_outcome()
    {
        var error = Assert.Throws<ArgumentException>(() => Lifecycle.OutcomeOf(new ResourceCounts(3, 1, 1)));

        Assert.Contains("1 of 3 resources are unfinished", error.Message, StringComparison.Ordinal);
    }

    private static HashSet<ProtectionStatus> ReachableFrom(ProtectionStatus? start)
    {
        var reached = new HashSet<ProtectionStatus>();
        var open = new Queue<ProtectionStatus?>([start]);
        while (open.TryDequeue(out var from))
        {
            foreach (var row in Lifecycle.Transitions.Where(row => row.From == from))
            {
                if (reached.Add(row.To))
                    open.Enqueue(row.To);
            }
        }

        return reached;
    }
}
