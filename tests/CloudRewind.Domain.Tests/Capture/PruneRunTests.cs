using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Domain.Tests.Capture;

public sealed class PruneRunTests
{
    private static readonly Protection Copy = Sample.InProgress(DateTimeOffset.UnixEpoch) with { Status = ProtectionStatus.Success };
    private readonly FakeTimeProvider time = new();
    private readonly InMemoryInventory inventory = new();
    private readonly ScriptedProvider provider;

    public PruneRunTests() => provider = new ScriptedProvider(time);

    [Fact]
    public async Task Resources_whose_snapshots_are_gone_leave_the_inventory()
    {
        Captured("a", "b");

        Assert.Equal(Done(2), await PruneAsync());
        Assert.Empty(inventory.ResourceIds);
        Assert.Empty(provider.Snapshots);
    }

    [Fact]
    public async Task A_resource_that_cannot_be_removed_stays_with_its_reason_and_the_others_go()
    {
        Captured("a", "b", "c");
        provider.OnRemove = id => id == "snap-b-1" ? "in use" : null;

        Assert.Equal(Done(2) with { Kept = 1, Reason = "b: in use" }, await PruneAsync());
        Assert.Equal(["b"], inventory.ResourceIds);
    }

    [Fact]
    public async Task A_snapshot_that_nobody_recorded_goes_with_its_resource()
    {
        inventory.With("a");
        provider.Take("a");
        provider.Take("a");

        Assert.Equal(Done(1), await PruneAsync());
        Assert.Empty(provider.Snapshots);
    }

    [Fact]
    public async Task A_recorded_snapshot_is_removed_although_it_is_not_listed()
    {
        Captured("a");
        provider.OnList = () => Task.FromResult<IReadOnlyList<Snapshot>>([]);

        await PruneAsync();

        Assert.Equal(["snap-a-1"], provider.Removed);
    }

    [Fact]
    public async Task A_snapshot_of_a_resource_that_is_in_no_inventory_goes_with_the_last_entry()
    {
        Captured("a", "b");
        provider.Take("attached-since");
        provider.OnRemove = id => id == "snap-attached-since-2" ? "in use" : null;

        Assert.Equal(Done(1) with { Kept = 1, Reason = "b: in use" }, await PruneAsync());
        provider.OnRemove = _ => null;
        Assert.Equal(Done(1), await PruneAsync());

        Assert.Empty(provider.Snapshots);
    }

    [Fact]
    public async Task A_resource_whose_snapshot_may_still_appear_is_kept_until_it_can_no_longer()
    {
        inventory.With(new ProtectedResource
        {
            ResourceId = "a",
            Type = "test",
            GroupId = "a",
            State = ResourceState.Failed,
            NextStartAt = time.GetUtcNow() + TimeSpan.FromMinutes(1),
        });

        var round = await PruneAsync();
        Assert.Equal((0, 0, 1, TimeSpan.FromMinutes(1)), (round.Removed, round.Kept, round.Waiting, round.RetryAfter));
        Assert.Contains("may appear until", round.Reason, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Done(1), await PruneAsync());
    }

    [Fact]
    public async Task Rounds_that_skip_kept_resources_try_every_resource_once()
    {
        var names = Enumerable.Range(0, (2 * PruneRun.ResourcesPerRound) + 10).Select(number => $"r{number:D4}").ToArray();
        Captured(names);
        provider.OnRemove = id => id.EndsWith("7-1", StringComparison.Ordinal) ? "in use" : null;

        var kept = 0;
        PruneRound round;
        do
        {
            round = await PruneAsync(skip: kept);
            kept += round.Left;
        }
        while (round.Untried > 0);

        Assert.Equal(names.Select(name => $"snap-{name}-1"), provider.Removed.Order(StringComparer.Ordinal));
        Assert.Equal(3, provider.Listings);
        Assert.Equal(names.Count(name => name.EndsWith('7')), kept);
        Assert.Equal(kept, inventory.ResourceIds.Count);
    }

    [Fact]
    public async Task A_refusal_of_the_list_keeps_all_and_the_rest_is_not_tried()
    {
        Captured([.. Enumerable.Range(0, PruneRun.ResourcesPerRound + 1).Select(number => $"r{number}")]);
        provider.OnList = () => throw new CaptureRefusedException("no access");

        Assert.Equal(PruneRound.None with { Kept = PruneRun.ResourcesPerRound + 1, Reason = "no access" }, await PruneAsync());
    }

    public static TheoryData<Exception> Passing =>
    [
        new RetryLaterException("try later", TimeSpan.FromSeconds(7)),
        new IOException("try later"),
        new TaskCanceledException("try later"),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Where_the_list_cannot_be_had_now_all_wait_and_nothing_is_kept(Exception error)
    {
        Captured([.. Enumerable.Range(0, PruneRun.ResourcesPerRound + 1).Select(number => $"r{number}")]);
        provider.OnList = () => throw error;

        var after = error is RetryLaterException later ? later.After : TimeSpan.Zero;
        Assert.Equal(PruneRound.None with { Waiting = PruneRun.ResourcesPerRound + 1, RetryAfter = after, Reason = "try later" }, await PruneAsync());
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task What_concerns_all_stops_the_other_removals_and_all_wait(Exception error)
    {
        Captured([.. Enumerable.Range(0, 100).Select(number => $"r{number:D3}")]);
        provider.OnRemoving = (id, _) => id == "snap-r010-1" ? Task.FromException(error) : Task.CompletedTask;

        var round = await PruneAsync();

        Assert.InRange(provider.Removed.Count, 1, 20); // those before it, and those that were at work and not cancelled
        Assert.Equal((0, 0, 100), (round.Kept, round.Untried, round.Removed + round.Waiting));
        Assert.Equal("r010: try later", round.Reason);
        provider.OnRemoving = (_, _) => Task.CompletedTask;
        Assert.Equal(Done(round.Waiting), await PruneAsync());
    }

    [Fact]
    public async Task A_limit_of_one_snapshot_holds_back_no_other()
    {
        Captured("a", "b", "c");
        provider.OnRemoving = (id, _) => id == "snap-a-1" ? throw new RetryLaterException("too soon", TimeSpan.FromSeconds(7), concernsAll: false) : Task.CompletedTask;

        Assert.Equal(Done(2) with { Waiting = 1, RetryAfter = TimeSpan.FromSeconds(7), Reason = "a: too soon" }, await PruneAsync());
    }

    [Fact]
    public async Task A_snapshot_that_does_not_show_yet_is_neither_removed_nor_kept()
    {
        Captured("a");
        inventory.With(inventory["a"] with { NextStartAt = time.GetUtcNow() + provider.SettleWindow });
        provider.Hidden.Add("snap-a-1");

        var round = await PruneAsync();
        Assert.Equal((0, 0, 1, provider.SettleWindow), (round.Removed, round.Kept, round.Waiting, round.RetryAfter));
        provider.Hidden.Clear();

        Assert.Equal(Done(1), await PruneAsync());
        Assert.Empty(provider.Snapshots);
    }

    [Fact]
    public async Task A_snapshot_counts_as_gone_once_it_has_been_missing_for_a_settle_window()
    {
        Captured("a");
        provider.Vanish("a");

        var round = await PruneAsync();
        Assert.Equal((0, 0, 1, provider.SettleWindow), (round.Removed, round.Kept, round.Waiting, round.RetryAfter));
        time.Advance(provider.SettleWindow - TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await PruneAsync()).Waiting);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Done(1), await PruneAsync());
        Assert.Empty(inventory.ResourceIds);
    }

    [Fact]
    public async Task A_snapshot_that_shows_again_was_never_gone()
    {
        Captured("a");
        provider.Hidden.Add("snap-a-1");
        await PruneAsync();
        time.Advance(provider.SettleWindow);
        provider.Hidden.Clear();

        Assert.Equal(Done(1), await PruneAsync());
        Assert.Empty(provider.Snapshots);
    }

    [Fact]
    public async Task A_list_that_was_asked_for_while_a_snapshot_could_still_appear_proves_nothing_however_late_it_comes()
    {
        inventory.With(new ProtectedResource { ResourceId = "a", Type = "test", GroupId = "a", State = ResourceState.Failed, NextStartAt = time.GetUtcNow() + TimeSpan.FromSeconds(5) });
        provider.OnList = () =>
        {
            time.Advance(TimeSpan.FromSeconds(15));
            return Task.FromResult<IReadOnlyList<Snapshot>>([]);
        };

        Assert.Equal(1, (await PruneAsync()).Waiting);
    }

    [Fact]
    public async Task A_round_begins_removals_for_a_minute_and_leaves_the_rest_to_the_next()
    {
        Captured([.. Enumerable.Range(0, 100).Select(number => $"r{number:D3}")]);
        provider.OnRemoving = (_, _) =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        };

        var round = await PruneAsync();

        Assert.InRange(round.Removed, 23, 37); // thirty take a minute, and seven more may have begun by its end
        Assert.Equal((0, 0, 100), (round.Kept, round.Waiting, round.Removed + round.Untried));
        provider.OnRemoving = (_, _) => Task.CompletedTask;
        Assert.Equal(Done(round.Untried), await PruneAsync());
    }

    [Fact]
    public async Task A_removal_that_hangs_ends_and_stops_the_others()
    {
        Captured([.. Enumerable.Range(0, 100).Select(number => $"r{number:D3}")]);
        var hanging = new CountdownEvent(8);
        provider.OnRemoving = (_, token) =>
        {
            hanging.Signal();
            return Task.Delay(Timeout.Infinite, token);
        };
        var round = Task.Run(() => PruneAsync());
        hanging.Wait();

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((0, 0, 100), ((await round).Removed, (await round).Kept, (await round).Waiting));
        Assert.Equal(8, provider.Removed.Count);
    }

    [Fact]
    public async Task A_list_that_hangs_ends()
    {
        Captured("a");
        var asked = new TaskCompletionSource();
        provider.OnListing = token =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        var round = PruneAsync();
        await asked.Task;

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("The capture provider did not answer within 00:01:00.", (await round).Reason);
        Assert.Equal((1, 0), ((await round).Waiting, (await round).Kept));
    }

    [Fact]
    public async Task Where_there_is_nothing_nothing_is_asked()
    {
        Assert.Equal(PruneRound.None, await PruneAsync());
        Assert.Equal(0, provider.Listings);
    }

    [Fact]
    public async Task A_cancelled_round_ends()
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        Captured("a");
        provider.OnList = () => throw new OperationCanceledException(stopping.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PruneAsync(cancellationToken: stopping.Token));
    }

    [Fact]
    public async Task A_reason_is_cut_to_what_a_person_reads()
    {
        Captured("a");
        provider.OnList = () => throw new IOException(new string('x', 100_000));

        Assert.Equal(ReasonText.MaxLength, (await PruneAsync()).Reason!.Length);
    }

    [Fact]
    public async Task An_outage_of_storage_goes_through()
    {
        Captured("a");
        provider.OnList = () => throw new StoreUnavailableException("down", new IOException());

        await Assert.ThrowsAsync<StoreUnavailableException>(() => PruneAsync());
    }

    private static PruneRound Done(int removed) => PruneRound.None with { Removed = removed };

    // Each with a snapshot on record, all of one set.
    private void Captured(params string[] resources)
    {
        inventory.With(resources);
        foreach (var snapshot in provider.Take(resources))
            inventory.With(inventory[snapshot.ResourceId].With(snapshot with { State = SnapshotState.Completed }));
    }

    private Task<PruneRound> PruneAsync(int skip = 0, CancellationToken cancellationToken = default) =>
        new PruneRun(inventory, provider, time).AdvanceAsync(Copy, Sample.Assembly, skip, cancellationToken);
}
