using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Domain.Tests.Capture;

public sealed class CaptureRunTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromHours(1);
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedProvider provider = new();
    private readonly Protection protection;

    public CaptureRunTests() => protection = Sample.InProgress(time.GetUtcNow());

    [Fact]
    public async Task A_resource_is_started_and_then_asked_after_until_it_is_captured()
    {
        var inventory = new InMemoryInventory().With("a");

        var first = await AdvanceAsync(inventory);
        Assert.Equal(new ResourceCounts(1, 0, 0), first.Counts);
        Assert.Equal((ResourceState.Capturing, "snap-a"), (inventory["a"].State, inventory["a"].SnapshotId));

        var second = await AdvanceAsync(inventory);
        Assert.Equal(new ResourceCounts(1, 1, 0), second.Counts);
        Assert.Equal(["a"], provider.Started);
    }

    [Fact]
    public async Task What_fails_for_good_is_given_up_with_its_reason()
    {
        var inventory = new InMemoryInventory().With("a", "b");
        provider.OnStart = id => Task.FromResult<CaptureProgress>(id == "a" ? new CaptureProgress.Failed("no such volume") : new CaptureProgress.Captured("snap-b"));

        var round = await AdvanceAsync(inventory);

        Assert.Equal(new ResourceCounts(2, 1, 1), round.Counts);
        Assert.Equal("no such volume", inventory["a"].Reason);
        Assert.Equal("a: no such volume", round.FirstFailure);
    }

    [Fact]
    public async Task What_goes_wrong_is_tried_again_and_given_up_after_five_times_in_a_row()
    {
        var inventory = new InMemoryInventory().With("a");
        provider.OnStart = _ => throw new IOException("throttled");

        for (var attempt = 1; attempt < CaptureLimits.MaxErrorsInARow; attempt++)
            Assert.Equal(1, (await AdvanceAsync(inventory)).Counts.Unfinished);
        var last = await AdvanceAsync(inventory);

        Assert.Equal(new ResourceCounts(1, 0, 1), last.Counts);
        Assert.Contains("throttled", inventory["a"].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_success_in_between_begins_the_count_anew()
    {
        var inventory = new InMemoryInventory().With("a");
        var calls = 0;
        provider.OnPoll = id => ++calls % CaptureLimits.MaxErrorsInARow == 0
            ? Task.FromResult<CaptureProgress>(new CaptureProgress.Capturing($"snap-{id}"))
            : throw new IOException("throttled");

        for (var round = 0; round < CaptureLimits.MaxErrorsInARow * 4; round++)
            Assert.Equal(1, (await AdvanceAsync(inventory)).Counts.Unfinished);
    }

    [Fact]
    public async Task After_the_time_limit_what_is_unfinished_is_given_up_and_what_is_captured_stays()
    {
        var inventory = new InMemoryInventory().With("a", "b", "c");
        provider.OnStart = id => Task.FromResult<CaptureProgress>(id == "a" ? new CaptureProgress.Captured("snap-a") : new CaptureProgress.Capturing($"snap-{id}"));
        await AdvanceAsync(inventory);
        time.Advance(TimeLimit);

        var round = await AdvanceAsync(inventory, concurrency: 1);

        Assert.Equal(new ResourceCounts(3, 1, 2), round.Counts);
        Assert.Equal(TimeSpan.Zero, round.TimeLeft);
        Assert.Contains("time limit", inventory["b"].Reason, StringComparison.Ordinal);
        Assert.Equal("snap-b", inventory["b"].SnapshotId); // to be removed by the prune
    }

    [Fact]
    public async Task Rounds_that_saw_the_same_inventory_start_no_resource_twice()
    {
        var names = Enumerable.Range(0, 40).Select(number => $"r{number}").ToArray();
        var inventory = new InMemoryInventory().With(names);
        provider.OnStart = async id =>
        {
            await Task.Yield();
            return new CaptureProgress.Captured($"snap-{id}");
        };

        for (var round = 0; round < 20; round++)
        {
            inventory.LetNextReadersSeeTheSame(3);
            await Task.WhenAll(AdvanceAsync(inventory, 8), AdvanceAsync(inventory, 8), AdvanceAsync(inventory, 8));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), provider.Started.Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(ResourceState.Captured, inventory[name].State));
    }

    [Fact]
    public async Task A_round_that_finds_a_claim_without_an_outcome_asks_again_and_one_outcome_is_kept()
    {
        var inventory = new InMemoryInventory().With("a");
        var (asked, first) = (new TaskCompletionSource(), new TaskCompletionSource<CaptureProgress>());
        provider.OnStart = _ => asked.TrySetResult() ? first.Task : Task.FromResult<CaptureProgress>(new CaptureProgress.Captured("snap-a"));

        var interrupted = AdvanceAsync(inventory);
        await asked.Task; // it has claimed the resource, and for all that the next round can tell, has died
        var second = await AdvanceAsync(inventory);
        first.SetResult(new CaptureProgress.Capturing("snap-a")); // it lives, and what it brings is out of date
        var late = await interrupted;

        Assert.Equal(["a", "a"], provider.Started); // the provider adopts its first snapshot: see ICaptureProvider.StartAsync
        Assert.Equal((ResourceState.Captured, "snap-a"), (inventory["a"].State, inventory["a"].SnapshotId));
        Assert.Equal(new ResourceCounts(1, 1, 0), second.Counts);
        Assert.False(late.Moved);
    }

    [Fact]
    public async Task No_more_are_at_work_at_once_than_allowed_and_the_rest_waits_its_turn()
    {
        var inventory = new InMemoryInventory().With([.. Enumerable.Range(0, 10).Select(number => $"r{number}")]);
        provider.OnStart = async id =>
        {
            await Task.Yield();
            return new CaptureProgress.Capturing($"snap-{id}");
        };
        provider.OnPoll = id => Task.FromResult<CaptureProgress>(new CaptureProgress.Capturing($"snap-{id}"));

        for (var round = 0; round < 5; round++)
            await AdvanceAsync(inventory, concurrency: 3);

        Assert.Equal(3, provider.Started.Count);
        Assert.InRange(provider.MostAtOnce, 1, 3);
    }

    [Fact]
    public async Task A_round_in_which_nothing_moves_says_so()
    {
        var inventory = new InMemoryInventory().With("a");
        provider.OnPoll = id => Task.FromResult<CaptureProgress>(new CaptureProgress.Capturing($"snap-{id}"));

        Assert.True((await AdvanceAsync(inventory)).Moved);
        Assert.False((await AdvanceAsync(inventory)).Moved);
    }

    [Fact]
    public async Task Storage_that_is_unavailable_is_not_held_against_the_resource()
    {
        var inventory = new InMemoryInventory().With("a");
        provider.OnStart = _ => throw new StoreUnavailableException("down", new IOException());

        await Assert.ThrowsAsync<StoreUnavailableException>(() => AdvanceAsync(inventory));

        Assert.Equal(0, inventory["a"].ErrorsInARow);
    }

    [Fact]
    public async Task A_time_out_of_the_providers_own_is_an_error_of_the_resource_and_not_the_end_of_the_round()
    {
        var inventory = new InMemoryInventory().With("a", "b");
        provider.OnStart = id => id == "a" ? throw new TaskCanceledException("timed out") : Task.FromResult<CaptureProgress>(new CaptureProgress.Captured("snap-b"));

        var round = await AdvanceAsync(inventory);

        Assert.Equal(new ResourceCounts(2, 1, 0), round.Counts);
        Assert.Equal((1, "timed out"), (inventory["a"].ErrorsInARow, inventory["a"].Reason));
    }

    [Fact]
    public async Task A_round_that_is_cancelled_ends_and_holds_it_against_no_resource()
    {
        var inventory = new InMemoryInventory().With("a");
        using var stopping = new CancellationTokenSource();
        provider.OnStart = async _ =>
        {
            await stopping.CancelAsync();
            throw new OperationCanceledException(stopping.Token);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new CaptureRun(inventory, provider, new CaptureLimits(TimeLimit, 8), time).AdvanceAsync(protection, Sample.Assembly, stopping.Token));

        Assert.Equal(0, inventory["a"].ErrorsInARow);
    }

    [Fact]
    public async Task Without_its_assembly_nothing_can_be_captured()
    {
        var inventory = new InMemoryInventory().With("a", "b");
        var run = new CaptureRun(inventory, provider, new CaptureLimits(TimeLimit, 8), time);

        var round = await run.AdvanceAsync(protection, null, CancellationToken.None);

        Assert.Equal(new ResourceCounts(2, 0, 2), round.Counts);
        Assert.Empty(provider.Started);
    }

    private Task<CaptureRound> AdvanceAsync(InMemoryInventory inventory, int concurrency = 8) =>
        new CaptureRun(inventory, provider, new CaptureLimits(TimeLimit, concurrency), time).AdvanceAsync(protection, Sample.Assembly, CancellationToken.None);
}
