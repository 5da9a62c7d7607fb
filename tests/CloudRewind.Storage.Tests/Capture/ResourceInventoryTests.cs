using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Capture;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Capture;

[Collection(StorageTests.Name)]
public sealed class ResourceInventoryTests(StorageFixture storage)
{
    private readonly TableResourceInventory inventory = new(storage.Tables);
    private readonly ProtectionId id = new(StorageFixture.NewAssembly(), 0, 5);

    [Fact]
    public async Task Discovered_resources_are_pending_each_once()
    {
        await SetAsync("b", "a", "a");

        var entries = await inventory.ReadAsync(id, CancellationToken.None);

        Assert.Equal(["a", "b"], entries.Select(entry => entry.ResourceId).Order());
        Assert.All(entries, entry => Assert.Equal(ResourceState.Pending, entry.State));
    }

    [Fact]
    public async Task An_inventory_may_exceed_one_transaction_and_one_page()
    {
        var names = Enumerable.Range(0, 1_234).Select(number => $"arn:aws:ec2:eu-central-1:123456789012:volume/{number}#?").ToArray();

        await SetAsync(names);

        Assert.Equal(names.Order(StringComparer.Ordinal), (await inventory.ReadAsync(id, CancellationToken.None)).Select(entry => entry.ResourceId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_late_repetition_of_discovery_undoes_no_progress()
    {
        await SetAsync("a", "b");
        await UpdateAsync("a", entry => entry with { State = ResourceState.Capturing, SnapshotId = "snap-1" });

        await SetAsync("b", "c");

        var entries = (await inventory.ReadAsync(id, CancellationToken.None)).ToDictionary(entry => entry.ResourceId);
        Assert.Equal(["a", "b", "c"], entries.Keys.Order());
        Assert.Equal((ResourceState.Capturing, "snap-1"), (entries["a"].State, entries["a"].SnapshotId));
    }

    [Fact]
    public async Task A_pending_resource_that_is_no_longer_discovered_is_dropped()
    {
        await SetAsync("a", "b");

        await SetAsync("b");

        Assert.Equal("b", Assert.Single(await inventory.ReadAsync(id, CancellationToken.None)).ResourceId);
    }

    [Fact]
    public async Task Concurrent_discoveries_leave_each_resource_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SetAsync([.. Enumerable.Range(0, 150).Select(number => $"r{number}")])));

        Assert.Equal(150, (await inventory.ReadAsync(id, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Of_two_who_write_an_entry_the_second_is_refused()
    {
        await SetAsync("a");
        var entry = Assert.Single(await inventory.ReadAsync(id, CancellationToken.None));

        var written = Assert.Single(await inventory.TryUpdateAsync(id, [entry with { State = ResourceState.Capturing }], CancellationToken.None));
        Assert.Empty(await inventory.TryUpdateAsync(id, [entry with { State = ResourceState.Failed }], CancellationToken.None));
        Assert.Single(await inventory.TryUpdateAsync(id, [written with { State = ResourceState.Captured, SnapshotId = "snap-1" }], CancellationToken.None));

        Assert.Equal(ResourceState.Captured, Assert.Single(await inventory.ReadAsync(id, CancellationToken.None)).State);
    }

    [Fact]
    public async Task Entries_that_are_written_together_are_written_or_not_a_hundred_at_a_time()
    {
        await SetAsync([.. Enumerable.Range(0, 250).Select(number => $"r{number:D3}")]);
        var entries = await inventory.ReadAsync(id, CancellationToken.None);
        await inventory.TryUpdateAsync(id, [entries[120] with { State = ResourceState.Failed }], CancellationToken.None);

        var written = await inventory.TryUpdateAsync(id, [.. entries.Select(entry => entry with { State = ResourceState.Capturing })], CancellationToken.None);

        var after = await inventory.ReadAsync(id, CancellationToken.None);
        Assert.Equal(written, after.Where(entry => entry.State == ResourceState.Capturing));
        Assert.Equal([(ResourceState.Pending, 99), (ResourceState.Capturing, 150), (ResourceState.Failed, 1)], after.CountBy(entry => entry.State).OrderBy(state => state.Key).Select(state => (state.Key, state.Value)));
    }

    [Fact]
    public async Task Many_entries_are_removed_at_once_those_included_that_somebody_wrote_since()
    {
        await SetAsync([.. Enumerable.Range(0, 250).Select(number => $"r{number:D3}")]);
        var entries = await inventory.ReadAsync(id, CancellationToken.None);
        await inventory.TryUpdateAsync(id, [entries[7] with { State = ResourceState.Failed }], CancellationToken.None);

        await inventory.RemoveAsync(id, [.. entries.Skip(1)], CancellationToken.None);

        Assert.Equal(entries[0], Assert.Single(await inventory.ReadAsync(id, CancellationToken.None)));
    }

    [Fact]
    public async Task An_entry_is_read_as_it_was_written()
    {
        await inventory.SetAsync(
            id,
            [new DiscoveredResource("a", "ebs-volume", "i-1", 100), new DiscoveredResource("b", "ebs-volume", "b", Failure: "no such volume")],
            CancellationToken.None);
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        await UpdateAsync("a", entry => entry with { State = ResourceState.Captured, SnapshotId = "snap-1", TakenAt = now, NextStartAt = now.AddMinutes(5) });

        var entries = (await inventory.ReadAsync(id, CancellationToken.None)).OrderBy(entry => entry.ResourceId).ToList();

        Assert.Equal(
            [
                new ProtectedResource
                {
                    ResourceId = "a", Type = "ebs-volume", GroupId = "i-1", SizeGiB = 100, State = ResourceState.Captured, SnapshotId = "snap-1",
                    TakenAt = now, NextStartAt = now.AddMinutes(5),
                },
                new ProtectedResource { ResourceId = "b", Type = "ebs-volume", GroupId = "b", State = ResourceState.Failed, Reason = "no such volume" },
            ],
            entries.Select(entry => entry with { Version = null }));
    }

    [Fact]
    public async Task An_entry_that_is_gone_cannot_be_written_and_may_be_removed_again()
    {
        await SetAsync("a");
        var entry = Assert.Single(await inventory.ReadAsync(id, CancellationToken.None));
        await inventory.RemoveAsync(id, [entry], CancellationToken.None);
        await inventory.RemoveAsync(id, [entry], CancellationToken.None);

        Assert.Empty(await inventory.TryUpdateAsync(id, [entry], CancellationToken.None));
        Assert.Empty(await inventory.ReadAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task A_reason_may_be_long_and_is_cut()
    {
        await SetAsync("a");
        await UpdateAsync("a", entry => entry with { State = ResourceState.Failed, Reason = new string('x', 100_000), ErrorsInARow = 5 });

        var entry = Assert.Single(await inventory.ReadAsync(id, CancellationToken.None));
        Assert.StartsWith("xxx", entry.Reason, StringComparison.Ordinal);
        Assert.Equal(5, entry.ErrorsInARow);
    }

    private Task SetAsync(params string[] names) =>
        inventory.SetAsync(id, [.. names.Select(name => new DiscoveredResource(name, "test", GroupId: name))], CancellationToken.None);

    private async Task UpdateAsync(string name, Func<ProtectedResource, ProtectedResource> change)
    {
        var entry = (await inventory.ReadAsync(id, CancellationToken.None)).Single(entry => entry.ResourceId == name);
        Assert.Single(await inventory.TryUpdateAsync(id, [change(entry)], CancellationToken.None));
    }
}
