using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Protections;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests;

public sealed class StatusWatchTests
{
    // Far more than the tests move the clock by: in them, only news end a wait.
    private static readonly TimeSpan Limit = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider time = new();
    private readonly InMemoryProtections protections = new();
    private readonly CollectedLog<StatusWatch> log = new();
    private readonly StatusWatch watch;
    private readonly Protection known;

    public StatusWatchTests()
    {
        watch = new StatusWatch(protections, time, log);
        known = new Protection
        {
            Id = new ProtectionId(new AssemblyKey(1, "demo", 7), 0, 1),
            Name = "Demo",
            Status = ProtectionStatus.Created,
            Sequence = 0,
            CreatedAt = time.GetUtcNow(),
            UpdatedAt = time.GetUtcNow(),
            ExpiresAt = time.GetUtcNow(),
            Counts = ResourceCounts.None,
        };
        protections.Rows[known.Id] = known;
    }

    [Fact]
    public async Task A_thousand_requests_that_wait_for_one_protection_share_one_poll_and_hear_of_the_transition()
    {
        var waiting = Enumerable.Range(0, 1_000).Select(_ => watch.WaitAsync(known, Limit, CancellationToken.None, CancellationToken.None)).ToList();
        Assert.Equal(1, watch.Polls);
        time.Advance(StatusWatch.PollInterval);
        Assert.All(waiting, request => Assert.False(request.IsCompleted));

        protections.Rows[known.Id] = known with { Status = ProtectionStatus.Preparing, Sequence = 1 };
        await AdvanceUntilAsync(Task.WhenAll(waiting));

        Assert.All(waiting, request => Assert.Equal(1, request.Result!.Sequence));
        Assert.Equal(0, watch.Polls);
    }

    [Fact]
    public async Task Each_request_says_that_it_waits_before_it_does()
    {
        using var end = new CancellationTokenSource();

        var waiting = new[] { watch.WaitAsync(known, Limit, CancellationToken.None, end.Token), watch.WaitAsync(known, TimeSpan.FromSeconds(30), CancellationToken.None, end.Token) };

        Assert.All(waiting, request => Assert.False(request.IsCompleted));
        Assert.Equal(
            [$"Status lookup of {known.Id} waits for the next transition, for at most 1.00:00:00", $"Status lookup of {known.Id} waits for the next transition, for at most 00:00:30"],
            log.Lines);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_thousand_requests_that_wait_for_one_protection_cost_one_read_for_each_interval()
    {
        const int Intervals = 20;
        using var end = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 1_000).Select(_ => watch.WaitAsync(known, Limit, CancellationToken.None, end.Token)).ToList();

        for (var interval = 1; interval <= Intervals; interval++)
        {
            time.Advance(StatusWatch.PollInterval);
            await Eventually.GetAsync(() => Task.FromResult(protections.Reads), reads => reads == interval, $"read {interval}");
        }

        await end.CancelAsync();
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal((Intervals, 0), (protections.Reads, watch.Polls));
    }

    [Fact]
    public async Task Without_news_the_wait_ends_at_its_limit()
    {
        var waiting = watch.WaitAsync(known, StatusWatch.PollInterval * 10, CancellationToken.None, CancellationToken.None);

        await AdvanceUntilAsync(waiting);

        Assert.Equal(known, await waiting);
        Assert.Equal(0, watch.Polls);
    }

    [Fact]
    public async Task A_wait_that_the_host_calls_off_ends_as_at_its_limit()
    {
        using var stopping = new CancellationTokenSource();
        var waiting = watch.WaitAsync(known, Limit, stopping.Token, CancellationToken.None);

        await stopping.CancelAsync();

        Assert.Equal(known, await waiting);
        Assert.Equal(0, watch.Polls);
    }

    [Fact]
    public async Task A_client_that_goes_away_is_forgotten_at_once()
    {
        using var gone = new CancellationTokenSource();
        var waiting = watch.WaitAsync(known, Limit, CancellationToken.None, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, watch.Polls);
    }

    [Fact]
    public async Task One_that_goes_away_does_not_end_the_wait_of_another()
    {
        using var gone = new CancellationTokenSource();
        var one = watch.WaitAsync(known, Limit, CancellationToken.None, gone.Token);
        var other = watch.WaitAsync(known, Limit, CancellationToken.None, CancellationToken.None);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);

        protections.Rows[known.Id] = known with { Sequence = 1 };
        await AdvanceUntilAsync(other);

        Assert.Equal(1, (await other)!.Sequence);
    }

    [Fact]
    public async Task Storage_that_fails_fails_all_that_wait_and_the_next_one_polls_anew()
    {
        var waiting = new[] { watch.WaitAsync(known, Limit, CancellationToken.None, CancellationToken.None), watch.WaitAsync(known, Limit, CancellationToken.None, CancellationToken.None) };
        protections.Broken = known.Id;
        await AdvanceUntilAsync(Task.WhenAny(waiting));

        foreach (var request in waiting)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => request);

        protections.Broken = null;
        protections.Rows[known.Id] = known with { Sequence = 1 };
        var next = watch.WaitAsync(known, Limit, CancellationToken.None, CancellationToken.None);
        await AdvanceUntilAsync(next);
        Assert.Equal(1, (await next)!.Sequence);
    }

    [Fact]
    public async Task One_who_knows_more_than_the_shared_poll_is_not_told_less_and_tells_the_others()
    {
        var one = Wait(watch, At(3));
        var other = Wait(watch, At(4));

        await AdvanceUntilAsync(one);
        Assert.Equal(4, (await one)!.Sequence);
        Assert.False(other.IsCompleted);

        protections.Rows[known.Id] = At(5);
        await AdvanceUntilAsync(other);
        Assert.Equal(5, (await other)!.Sequence);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public async Task An_older_read_tells_nobody_anything(int sequence, bool isBeingDeleted)
    {
        var deleted = At(4) with { AssemblyIsBeingDeleted = true };
        var waiting = Wait(watch, deleted);
        protections.Rows[known.Id] = At(sequence) with { AssemblyIsBeingDeleted = isBeingDeleted };
        await ReadsTellNothingAsync(waiting);

        protections.Rows[known.Id] = deleted with { Sequence = 5 };
        await AdvanceUntilAsync(waiting);
        Assert.Equal(5, (await waiting)!.Sequence);
    }

    [Fact]
    public async Task A_client_that_goes_from_one_instance_to_another_is_never_told_an_older_status()
    {
        var otherInstance = new StatusWatch(protections, time, log);
        var somebodyElse = Wait(otherInstance, At(0));
        protections.Rows[known.Id] = At(1);
        var first = Wait(watch, At(0));
        await AdvanceUntilAsync(first);
        await AdvanceUntilAsync(somebodyElse);
        somebodyElse = Wait(otherInstance, At(0)); // polls anew, from what this instance read long ago

        protections.Rows[known.Id] = At(0); // as a read sees it that began before the transition
        var second = Wait(otherInstance, (await first)!);
        await ReadsTellNothingAsync(second);
        Assert.Equal(1, (await somebodyElse)!.Sequence);

        protections.Rows[known.Id] = At(2);
        await AdvanceUntilAsync(second);
        Assert.Equal(2, (await second)!.Sequence);
    }

    private static Task<Protection?> Wait(StatusWatch watch, Protection known) => watch.WaitAsync(known, Limit, CancellationToken.None, CancellationToken.None);

    private Protection At(int sequence) => known with { Sequence = sequence };

    private async Task ReadsTellNothingAsync(Task waiting)
    {
        for (var read = 1; read <= 5; read++)
        {
            var before = protections.Reads;
            time.Advance(StatusWatch.PollInterval);
            await Eventually.GetAsync(() => Task.FromResult(waiting.IsCompleted || protections.Reads > before), done => done, "a read");
        }

        await Task.Delay(1);
        Assert.False(waiting.IsCompleted);
    }

    // The poll goes on in continuations of its own: time is moved until they have run.
    private async Task AdvanceUntilAsync(Task done)
    {
        for (var step = 0; step < 10_000 && !done.IsCompleted; step++)
        {
            time.Advance(StatusWatch.PollInterval);
            await Task.Delay(1);
        }

        Assert.True(done.IsCompleted);
    }
}
