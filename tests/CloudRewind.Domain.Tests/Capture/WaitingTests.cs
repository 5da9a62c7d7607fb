using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>What passes is waited for, however often: AWS's rates and limits, a network, a session.</summary>
public sealed class WaitingTests
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(7);
    private readonly FakeTimeProvider time = new();
    private readonly InMemoryInventory inventory = new();
    private readonly ScriptedProvider provider;
    private readonly Protection protection;

    public WaitingTests()
    {
        provider = new ScriptedProvider(time);
        protection = Sample.InProgress(time.GetUtcNow());
    }

    [Fact]
    public async Task Throttling_never_counts_as_an_error_and_the_capture_goes_on_when_it_ends()
    {
        inventory.WithGroup("i-1", "a", "b");
        provider.OnStart = _ => throw new RetryLaterException("Request limit exceeded.", After);
        for (var times = 0; times < 20 * CaptureLimits.MaxErrorsInARow; times++)
        {
            var round = await AdvanceAsync();
            Assert.Equal(("Request limit exceeded.", After, false), (round.Progress.Waiting, round.RetryAfter, round.Started));
            time.Advance(After);
        }

        Assert.Equal((ResourceState.Pending, 0), (inventory["a"].State, inventory["a"].ErrorsInARow));
        provider.OnStart = null;
        await AdvanceAsync();
        provider.Complete();

        Assert.Equal(new ResourceCounts(2, 2, 0), (await AdvanceAsync()).Progress.Counts);
    }

    [Fact]
    public async Task A_group_that_was_told_to_wait_is_not_started_before_its_time()
    {
        inventory.With("a");
        provider.OnStart = _ => throw new RetryLaterException("Too soon after the last snapshot.", After, concernsAll: false);
        await AdvanceAsync();

        time.Advance(After - TimeSpan.FromMilliseconds(1));
        await AdvanceAsync();
        Assert.Single(provider.Started);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await AdvanceAsync();

        Assert.Equal(2, provider.Started.Count);
    }

    [Fact]
    public async Task A_limit_of_the_account_ends_the_starts_of_a_round()
    {
        inventory.With([.. Enumerable.Range(0, 100).Select(number => $"r{number}")]);
        provider.OnStart = _ => throw new RetryLaterException("Request limit exceeded.", After);

        await AdvanceAsync(concurrency: 2);

        Assert.InRange(provider.Started.Count, 1, 2);
    }

    [Fact]
    public async Task A_limit_of_one_volume_holds_back_no_other()
    {
        inventory.With("a", "b", "c");
        provider.OnStart = group => group[0].ResourceId == "a" ? throw new RetryLaterException("Too soon.", After, concernsAll: false) : Task.FromResult(provider.Take(group));

        var round = await AdvanceAsync(concurrency: 1);

        Assert.Equal(["b", "c"], provider.Snapshots.Select(snapshot => snapshot.ResourceId));
        Assert.Equal((TimeSpan.Zero, "Too soon."), (round.RetryAfter, round.Progress.Waiting));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Where_the_snapshots_cannot_be_listed_nothing_is_started_and_nothing_is_given_up(int kind)
    {
        inventory.With("a").With(new ProtectedResource { ResourceId = "b", Type = "test", GroupId = "b", State = ResourceState.Pending, NextStartAt = time.GetUtcNow() });
        provider.OnList = () => throw (kind switch
        {
            0 => new CaptureRefusedException("ec2:DescribeSnapshots is missing."),
            1 => new RetryLaterException("ec2:DescribeSnapshots is missing.", After),
            _ => (Exception)new IOException("ec2:DescribeSnapshots is missing."),
        });

        for (var rounds = 0; rounds < 10; rounds++)
            Assert.Equal("ec2:DescribeSnapshots is missing.", (await AdvanceAsync()).Progress.Waiting);

        Assert.Empty(provider.Started);
        Assert.All(inventory.ResourceIds, id => Assert.Equal((ResourceState.Pending, 0), (inventory[id].State, inventory[id].ErrorsInARow)));
    }

    [Fact]
    public async Task What_is_waited_for_is_the_reason_where_the_time_limit_ends_it()
    {
        inventory.With("a");
        provider.OnStart = _ => throw new RetryLaterException("Snapshot limit exceeded.", After);
        await AdvanceAsync();
        time.Advance(TimeSpan.FromHours(6));

        await AdvanceAsync();

        Assert.Equal("Not captured within the time limit of 06:00:00. Snapshot limit exceeded.", inventory["a"].Reason);
    }

    private Task<CaptureRound> AdvanceAsync(int concurrency = 8) =>
        new CaptureRun(inventory, provider, new CaptureLimits(TimeSpan.FromHours(6), concurrency), time).AdvanceAsync(protection, Sample.Assembly, CancellationToken.None, CancellationToken.None);
}
