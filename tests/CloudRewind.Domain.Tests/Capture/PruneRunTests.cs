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

        Assert.Equal(new PruneRound(2, 0, 0, null), await PruneAsync());
        Assert.Empty(inventory.ResourceIds);
        Assert.Empty(provider.Snapshots);
    }

    [Fact]
    public async Task A_resource_that_cannot_be_removed_stays_with_its_reason_and_the_others_go()
    {
        Captured("a", "b", "c");
        provider.OnRemove = id => id == "snap-b-1" ? "in use" : null;

        Assert.Equal(new PruneRound(2, 1, 0, "b: in use"), await PruneAsync());
        Assert.Equal(["b"], inventory.ResourceIds);
    }

    [Fact]
    public async Task A_snapshot_that_nobody_recorded_goes_with_its_resource()
    {
        inventory.With("a");
        provider.Take("a");
        provider.Take("a");

        Assert.Equal(new PruneRound(1, 0, 0, null), await PruneAsync());
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

        Assert.Equal(new PruneRound(1, 1, 0, "b: in use"), await PruneAsync());
        provider.OnRemove = _ => null;
        Assert.Equal(new PruneRound(1, 0, 0, null), await PruneAsync());

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
        Assert.Equal(1, round.Kept);
        Assert.Contains("may appear until", round.Reason, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(new PruneRound(1, 0, 0, null), await PruneAsync());
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
            kept += round.Kept;
        }
        while (round.Untried > 0);

        Assert.Equal(names.Select(name => $"snap-{name}-1"), provider.Removed.Order(StringComparer.Ordinal));
        Assert.Equal(3, provider.Listings);
        Assert.Equal(names.Count(name => name.EndsWith('7')), kept);
        Assert.Equal(kept, inventory.ResourceIds.Count);
    }

    [Fact]
    public async Task An_error_that_concerns_the_protection_keeps_all_of_it_and_the_rest_is_not_tried()
    {
        Captured([.. Enumerable.Range(0, PruneRun.ResourcesPerRound + 1).Select(number => $"r{number}")]);
        foreach (var error in new Exception[] { new CaptureRefusedException("no access"), new IOException("no access"), new TaskCanceledException("no access") })
        {
            provider.OnList = () => throw error;
            Assert.Equal(new PruneRound(0, PruneRun.ResourcesPerRound + 1, 0, "no access"), await PruneAsync());
        }
    }

    [Fact]
    public async Task Where_there_is_nothing_nothing_is_asked()
    {
        Assert.Equal(new PruneRound(0, 0, 0, null), await PruneAsync());
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
