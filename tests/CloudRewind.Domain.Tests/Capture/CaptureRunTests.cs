using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Domain.Tests.Capture;

public sealed class CaptureRunTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromHours(6);
    private readonly FakeTimeProvider time = new();
    private readonly InMemoryInventory inventory = new();
    private readonly ScriptedProvider provider;
    private readonly Protection protection;

    public CaptureRunTests()
    {
        provider = new ScriptedProvider(time);
        protection = Sample.InProgress(time.GetUtcNow());
    }

    [Fact]
    public async Task A_resource_is_started_once_and_then_looked_for_until_it_is_captured()
    {
        inventory.With("a");

        var first = await AdvanceAsync();
        Assert.Equal(new ResourceCounts(1, 0, 0), first.Progress.Counts);
        Assert.True(first.Started);
        Assert.Equal((ResourceState.Capturing, "snap-a-1", time.GetUtcNow()), (inventory["a"].State, inventory["a"].SnapshotId, inventory["a"].TakenAt));

        Assert.False((await AdvanceAsync()).Started);
        provider.Complete();
        var last = await AdvanceAsync();

        Assert.Equal(new ResourceCounts(1, 1, 0), last.Progress.Counts);
        Assert.Equal(["a"], provider.Started);
    }

    [Fact]
    public async Task A_group_is_started_with_one_call_and_each_of_its_resources_has_its_own_snapshot()
    {
        inventory.WithGroup("i-1", "a", "b", "c").WithGroup("i-2", "d");

        await AdvanceAsync();

        Assert.Equal(["i-1", "i-2"], provider.Started.Order());
        Assert.Equal(["snap-a", "snap-b", "snap-c", "snap-d"], inventory.ResourceIds.Select(id => inventory[id].SnapshotId![..6]));
    }

    [Fact]
    public async Task All_snapshots_of_a_protection_are_looked_at_once_a_round()
    {
        inventory.With([.. Enumerable.Range(0, 300).Select(number => $"r{number}")]);

        await AdvanceAsync(); // nothing to look for yet
        Assert.Equal(0, provider.Listings);
        await AdvanceAsync();
        await AdvanceAsync();

        Assert.Equal(2, provider.Listings);
    }

    [Fact]
    public async Task Calls_are_limited_and_snapshots_are_not()
    {
        inventory.With([.. Enumerable.Range(0, 400).Select(number => $"r{number}")]);

        await AdvanceAsync(concurrency: 3);

        Assert.Equal(400, provider.Snapshots.Count);
        Assert.InRange(provider.MostAtOnce, 1, 3);
    }

    [Fact]
    public async Task A_refusal_gives_its_group_up_at_once_and_no_other()
    {
        inventory.WithGroup("i-1", "a", "b").With("c");
        provider.OnStart = group => group[0].GroupId == "i-1" ? throw new CaptureRefusedException("no such instance") : Task.FromResult(provider.Take(group));

        var round = await AdvanceAsync();

        Assert.Equal(new ResourceCounts(3, 0, 2), round.Progress.Counts);
        Assert.Equal(("no such instance", null), (inventory["b"].Reason, inventory["a"].NextStartAt)); // no snapshot of it will appear
        Assert.Equal("a: no such instance", round.FirstFailure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_snapshot_of_a_set_that_fails_at_once_or_later_fails_its_resource_only_and_all_are_on_record(bool atOnce)
    {
        inventory.WithGroup("i-1", "a", "b");
        provider.OnStart = group =>
        {
            provider.Take(group);
            if (atOnce)
                FailOne();
            return Task.FromResult(provider.Snapshots);
        };
        await AdvanceAsync();
        if (!atOnce)
            FailOne();
        provider.Complete("a");

        Assert.Equal(new ResourceCounts(2, 1, 1), (await AdvanceAsync()).Progress.Counts);
        Assert.Equal(("snap-a-1", "snap-b-1"), (inventory["a"].SnapshotId, inventory["b"].SnapshotId));
        Assert.Equal("given key ID is not accessible", inventory["b"].Reason);

        void FailOne() => provider.Change(snapshot => snapshot with { State = SnapshotState.Failed, Failure = "given key ID is not accessible" }, "b");
    }

    [Fact]
    public async Task A_resource_that_has_left_its_group_fails_and_says_so()
    {
        inventory.WithGroup("i-1", "a", "b");
        provider.OnStart = group => Task.FromResult(provider.Take("a"));

        await AdvanceAsync();

        Assert.Equal((ResourceState.Capturing, ResourceState.Failed), (inventory["a"].State, inventory["b"].State));
        Assert.Contains("no longer with the resources", inventory["b"].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_time_limit_what_has_not_ended_is_given_up_and_its_snapshots_are_on_record()
    {
        inventory.With("a", "b", "c");
        provider.OnStart = group => group[0].ResourceId == "c" ? throw new IOException("reply lost") : Task.FromResult(provider.Take(group));
        await AdvanceAsync();
        provider.Complete("a");
        provider.Take("c"); // it was started, and shows late
        time.Advance(TimeLimit);

        var round = await AdvanceAsync();

        Assert.Equal(new ResourceCounts(3, 1, 2), round.Progress.Counts);
        Assert.Equal(TimeSpan.Zero, round.TimeLeft);
        Assert.Equal("Not captured within the time limit of 06:00:00.", inventory["b"].Reason);
        Assert.All(["b", "c"], id => Assert.StartsWith($"snap-{id}-", inventory[id].SnapshotId, StringComparison.Ordinal)); // for the prune to remove
    }

    [Fact]
    public async Task Concurrent_rounds_start_no_group_twice()
    {
        for (var number = 0; number < 40; number++)
            inventory.WithGroup($"g{number:D2}", $"r{number}-1", $"r{number}-2");

        for (var round = 0; round < 20; round++)
        {
            inventory.LetNextReadersSeeTheSame(3);
            await Task.WhenAll(AdvanceAsync(), AdvanceAsync(), AdvanceAsync());
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"g{number:D2}"), provider.Started.Order(StringComparer.Ordinal));
        Assert.Equal(80, provider.Snapshots.Count);
    }

    [Fact]
    public async Task An_outage_of_storage_does_not_count_against_the_resource()
    {
        inventory.With("a");
        provider.OnStart = _ => throw new StoreUnavailableException("down", new IOException());

        await Assert.ThrowsAsync<StoreUnavailableException>(() => AdvanceAsync());

        Assert.Equal(0, inventory["a"].ErrorsInARow);
    }

    [Fact]
    public async Task A_provider_timeout_counts_against_its_resource_and_does_not_end_the_round()
    {
        inventory.With("a", "b");
        provider.OnStart = group => group[0].ResourceId == "a" ? throw new TaskCanceledException("timed out") : Task.FromResult(provider.Take(group));

        await AdvanceAsync();

        Assert.Equal((1, "timed out"), (inventory["a"].ErrorsInARow, inventory["a"].Reason));
        Assert.NotNull(inventory["b"].SnapshotId);
    }

    [Fact]
    public async Task Progress_is_weighted_by_size_leaves_out_what_failed_and_never_goes_back()
    {
        inventory.With(Entry("a", 100)).With(Entry("b", 300)).With(Entry("c", 1_000) with { State = ResourceState.Failed, Reason = "no such volume" });
        await AdvanceAsync();
        provider.Complete("a");
        provider.Change(snapshot => snapshot with { Percent = 50 }, "b");

        var round = await AdvanceAsync();
        Assert.Equal(new CaptureProgress(new ResourceCounts(3, 1, 1), 62), round.Progress);

        provider.Change(snapshot => snapshot with { Percent = 0 }, "b");
        var later = await AdvanceAsync(protection with { Progress = round.Progress });
        Assert.Equal(62, later.Progress.Percent);

        static ProtectedResource Entry(string id, int size) => new() { ResourceId = id, Type = "test", GroupId = id, SizeGiB = size, State = ResourceState.Pending };
    }

    private Task<CaptureRound> AdvanceAsync(Protection? stored = null, int concurrency = 8) =>
        new CaptureRun(inventory, provider, new CaptureLimits(TimeLimit, concurrency), time).AdvanceAsync(stored ?? protection, Sample.Assembly, CancellationToken.None, CancellationToken.None);
}
