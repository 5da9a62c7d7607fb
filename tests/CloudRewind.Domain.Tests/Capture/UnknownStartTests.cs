using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>Starts of which nobody knows whether they were done: a lost reply, a process that died. AWS shows what it has made only after a while.</summary>
public sealed class UnknownStartTests
{
    private readonly FakeTimeProvider time = new();
    private readonly InMemoryInventory inventory = new();
    private readonly ScriptedProvider provider;
    private readonly Protection protection;
    private IReadOnlyList<Snapshot> visible = [];

    public UnknownStartTests()
    {
        provider = new ScriptedProvider(time);
        provider.OnList = () => Task.FromResult(visible);
        protection = Sample.InProgress(time.GetUtcNow());
    }

    [Fact]
    public async Task Snapshots_of_a_lost_reply_are_adopted_when_they_show_and_never_taken_again()
    {
        inventory.WithGroup("i-1", "a", "b");
        provider.OnStart = group =>
        {
            provider.Take(group);
            throw new IOException("the connection was reset");
        };

        Assert.Equal("the connection was reset", (await AdvanceAsync()).Progress.Waiting);
        for (var looks = 0; looks < 4; looks++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await AdvanceAsync();
        }

        visible = provider.Snapshots;
        var round = await AdvanceAsync();

        Assert.Equal(["i-1"], provider.Started);
        Assert.Equal(("snap-a-1", "snap-b-1"), (inventory["a"].SnapshotId, inventory["b"].SnapshotId));
        Assert.Equal((0, null), (inventory["a"].ErrorsInARow, inventory["a"].Reason));
        Assert.Null(round.Progress.Waiting);
    }

    [Fact]
    public async Task A_start_that_shows_nothing_within_the_settle_window_is_made_again()
    {
        inventory.WithGroup("i-1", "a", "b");
        provider.OnStart = _ => throw new IOException("the connection was reset");
        await AdvanceAsync();
        provider.OnStart = null;

        time.Advance(provider.SettleWindow - TimeSpan.FromSeconds(1));
        await AdvanceAsync();
        Assert.Single(provider.Started);
        time.Advance(TimeSpan.FromSeconds(1));
        await AdvanceAsync();

        Assert.Equal(["i-1", "i-1"], provider.Started);
        Assert.All(inventory.ResourceIds, id => Assert.NotNull(inventory[id].SnapshotId));
    }

    [Fact]
    public async Task A_group_is_given_up_after_five_starts_that_showed_nothing()
    {
        inventory.WithGroup("i-1", "a", "b");
        provider.OnStart = _ => throw new IOException("the connection was reset");

        for (var rounds = 0; rounds < CaptureLimits.MaxErrorsInARow; rounds++)
        {
            Assert.Equal(2, (await AdvanceAsync()).Progress.Counts.Unfinished);
            time.Advance(provider.SettleWindow);
        }

        Assert.Equal(new ResourceCounts(2, 0, 2), (await AdvanceAsync()).Progress.Counts);
        Assert.Equal(CaptureLimits.MaxErrorsInARow, provider.Started.Count);
        Assert.Equal("Given up after 5 attempts: the connection was reset", inventory["b"].Reason);
    }

    [Fact]
    public async Task The_claim_of_a_process_that_died_is_waited_for_like_a_lost_reply()
    {
        inventory.WithGroup("i-1", "a", "b");
        var asked = new TaskCompletionSource();
        provider.OnStart = async group =>
        {
            provider.Take(group);
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None); // for all that anybody can tell, it has died
            return [];
        };
        _ = AdvanceAsync();
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(30));
        await AdvanceAsync();
        visible = provider.Snapshots;
        await AdvanceAsync();

        Assert.Equal(["i-1"], provider.Started);
        Assert.Equal(("snap-a-1", "snap-b-1"), (inventory["a"].SnapshotId, inventory["b"].SnapshotId));
    }

    [Fact]
    public async Task A_late_outcome_of_an_interrupted_round_undoes_nothing()
    {
        inventory.With("a");
        var (asked, first) = (new TaskCompletionSource(), new TaskCompletionSource<IReadOnlyList<Snapshot>>());
        provider.OnStart = group =>
        {
            var taken = provider.Take(group);
            asked.SetResult();
            return first.Task;
        };
        var interrupted = AdvanceAsync();
        await asked.Task;
        provider.Complete();
        visible = provider.Snapshots;
        await AdvanceAsync();

        first.SetResult([visible[0] with { State = SnapshotState.Pending }]);
        await interrupted;

        Assert.Equal(ResourceState.Captured, inventory["a"].State);
    }

    [Fact]
    public async Task A_group_that_was_started_twice_after_all_has_snapshots_of_one_set()
    {
        inventory.WithGroup("i-1", "a", "b", "c");
        provider.OnStart = _ => throw new IOException("the connection was reset");
        await AdvanceAsync();
        var first = provider.Take("a", "b", "c");
        time.Advance(TimeSpan.FromSeconds(1));
        var second = provider.Take("a", "b", "c");

        visible = [first[2], .. second];
        await AdvanceAsync();
        visible = provider.Snapshots;
        var round = await AdvanceAsync();

        Assert.All(inventory.ResourceIds, id => Assert.EndsWith("-2", inventory[id].SnapshotId, StringComparison.Ordinal));
        Assert.Equal(3, round.Unrecorded);
    }

    [Fact]
    public async Task A_set_that_shows_in_part_is_waited_for_and_what_never_shows_fails()
    {
        inventory.WithGroup("i-1", "a", "b");
        provider.OnStart = _ => throw new IOException("the connection was reset");
        await AdvanceAsync();
        visible = [provider.Take("a", "b")[0]];

        await AdvanceAsync();
        Assert.Equal(("snap-a-1", null), (inventory["a"].SnapshotId, inventory["b"].SnapshotId));
        time.Advance(provider.SettleWindow);
        await AdvanceAsync();

        Assert.Single(provider.Started);
        Assert.Equal((ResourceState.Capturing, ResourceState.Failed), (inventory["a"].State, inventory["b"].State));
    }

    [Fact]
    public async Task A_recorded_snapshot_is_gone_once_it_has_been_missing_for_a_settle_window_after_its_own()
    {
        inventory.With("a");
        await AdvanceAsync();
        provider.Vanish("a");

        time.Advance(provider.SettleWindow - TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), ((await AdvanceAsync()).Progress.Counts.Unfinished, provider.Queries));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1), ((await AdvanceAsync()).Progress.Counts.Unfinished, provider.Queries));
        time.Advance(provider.SettleWindow - TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await AdvanceAsync()).Progress.Counts.Unfinished);
        time.Advance(TimeSpan.FromSeconds(1));
        await AdvanceAsync();

        Assert.Equal((ResourceState.Failed, "Snapshot snap-a-1 is gone."), (inventory["a"].State, inventory["a"].Reason));
    }

    [Fact]
    public async Task A_snapshot_that_no_list_shows_is_found_by_its_id()
    {
        inventory.With("a");
        await AdvanceAsync();
        provider.Complete();

        time.Advance(provider.SettleWindow);

        Assert.Equal(new ResourceCounts(1, 1, 0), (await AdvanceAsync()).Progress.Counts);
    }

    [Fact]
    public async Task A_recorded_snapshot_that_shows_again_was_never_gone()
    {
        inventory.With("a");
        await AdvanceAsync();
        provider.Hidden.Add("snap-a-1");
        time.Advance(provider.SettleWindow);
        await AdvanceAsync();
        provider.Hidden.Clear();
        time.Advance(provider.SettleWindow);
        await AdvanceAsync();
        provider.Hidden.Add("snap-a-1");

        time.Advance(provider.SettleWindow);

        Assert.Equal(1, (await AdvanceAsync()).Progress.Counts.Unfinished);
    }

    [Fact]
    public async Task A_list_that_was_asked_for_within_the_settle_window_proves_nothing_however_late_it_comes()
    {
        inventory.With("a");
        provider.OnStart = _ => throw new IOException("the connection was reset");
        await AdvanceAsync();
        provider.OnStart = null;
        time.Advance(provider.SettleWindow - TimeSpan.FromSeconds(1));
        provider.OnList = () =>
        {
            time.Advance(TimeSpan.FromSeconds(15)); // it was asked for before the window was over, and comes after it
            return Task.FromResult(visible);
        };

        await AdvanceAsync();
        Assert.Single(provider.Started);
        await AdvanceAsync();

        Assert.Equal(2, provider.Started.Count);
    }

    [Theory]
    [InlineData(20, 10)]
    [InlineData(300, 60)]
    public async Task A_start_ends_after_half_of_the_settle_window_whatever_it_does(int window, int limit)
    {
        inventory.With("a");
        provider.SettleWindow = TimeSpan.FromSeconds(window);
        var asked = new TaskCompletionSource();
        provider.OnStarting = token =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        var round = AdvanceAsync();
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(limit));

        Assert.Equal(
            $"Whether its snapshots were started is not known: the capture provider did not answer within {TimeSpan.FromSeconds(limit):c}.", (await round).Progress.Waiting);
        Assert.Equal(1, inventory["a"].ErrorsInARow);
        Assert.Empty(provider.Snapshots);
    }

    [Fact]
    public async Task A_refusal_after_a_lost_reply_does_not_hide_what_the_first_attempt_took()
    {
        inventory.With("a");
        provider.OnStart = _ => throw new IOException("the connection was reset");
        await AdvanceAsync();
        time.Advance(provider.SettleWindow);
        provider.OnStart = _ => throw new CaptureRefusedException("no such volume");
        Assert.Equal(1, (await AdvanceAsync()).Progress.Counts.Failed);

        provider.Take("a");
        provider.Complete();
        visible = provider.Snapshots;
        Assert.Equal(new ResourceCounts(1, 1, 0), (await AdvanceAsync()).Progress.Counts);
    }

    [Fact]
    public async Task Before_the_outcome_there_is_a_last_look_for_snapshots_that_nobody_recorded()
    {
        inventory.With("a");
        provider.OnStart = _ => throw new CaptureRefusedException("no such volume");
        visible = provider.Take("a", "attached-since");

        var round = await AdvanceAsync();

        Assert.Equal((ResourceState.Capturing, "snap-a-1"), (inventory["a"].State, inventory["a"].SnapshotId));
        Assert.Equal(1, round.Unrecorded);
    }

    [Fact]
    public async Task A_cancelled_round_counts_against_no_resource_and_its_claim_stays()
    {
        inventory.With("a");
        using var stopping = new CancellationTokenSource();
        provider.OnStart = async _ =>
        {
            await stopping.CancelAsync();
            throw new OperationCanceledException(stopping.Token);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AdvanceAsync(stopping.Token));

        Assert.Equal((0, time.GetUtcNow() + provider.SettleWindow), (inventory["a"].ErrorsInARow, inventory["a"].NextStartAt));
    }

    private Task<CaptureRound> AdvanceAsync(CancellationToken cancellationToken = default) =>
        new CaptureRun(inventory, provider, new CaptureLimits(TimeSpan.FromHours(6), 8), time).AdvanceAsync(protection, Sample.Assembly, CancellationToken.None, cancellationToken);
}
