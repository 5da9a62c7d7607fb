using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Capture;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Capture;

[Collection(StorageTests.Name)]
public sealed class ResourceInventoryTests(StorageFixture storage) : IAsyncLifetime
{
    private readonly TableResourceInventory inventory = new(storage.Tables);
    private readonly IProtectionStore store = storage.Store();
    private readonly AssemblyKey assembly = StorageFixture.NewAssembly();
    private Protection preparing = null!;

    private ProtectionId Id => preparing.Id;

    public async Task InitializeAsync()
    {
        preparing = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), ProtectionStatus.Preparing);
        preparing = (await store.FindAsync(preparing.Id, CancellationToken.None))!;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task It_is_on_record_with_the_transition_in_one_request_and_nothing_is_read()
    {
        var transport = new FaultyTransport(() => Fault.None);
        var counting = storage.Store(storage.TablesThrough(transport));

        var recorded = await counting.RecordAsync(Prepared(), preparing, Found("a", "b"), CancellationToken.None);

        Assert.Equal((RecordResult.Recorded, 1), (recorded.Result, transport.Requests));
        Assert.Equal(await store.FindAsync(Id, CancellationToken.None), recorded.Protection);
    }

    [Fact]
    public async Task Discovered_resources_are_pending_each_once()
    {
        await SetAsync("b", "a", "a");

        var entries = await inventory.ReadAsync(Id, CancellationToken.None);

        Assert.Equal(["a", "b"], entries.Select(entry => entry.ResourceId).Order());
        Assert.All(entries, entry => Assert.Equal(ResourceState.Pending, entry.State));
    }

    [Fact]
    public async Task An_inventory_may_exceed_one_transaction_and_one_page()
    {
        var names = Enumerable.Range(0, 1_234).Select(number => $"arn:aws:ec2:eu-central-1:123456789012:volume/{number}#?").ToArray();

        await SetAsync(names);

        Assert.Equal(names.Order(StringComparer.Ordinal), (await inventory.ReadAsync(Id, CancellationToken.None)).Select(entry => entry.ResourceId).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(300)]
    public async Task A_late_repetition_of_discovery_changes_nothing(int resources)
    {
        var names = Enumerable.Range(0, resources).Select(number => $"r{number:D3}").ToArray();
        await SetAsync(names);
        await UpdateAsync(names[0], entry => entry with { State = ResourceState.Capturing, SnapshotId = "snap-1" });

        Assert.Equal(RecordResult.AlreadyRecorded, (await store.RecordAsync(Prepared(), preparing, Found("b", "c"), CancellationToken.None)).Result);
        Assert.Equal(RecordResult.Conflict, (await store.RecordAsync(Prepared() with { Reason = "another" }, preparing, Found([.. names, "c"]), CancellationToken.None)).Result);

        var entries = await inventory.ReadAsync(Id, CancellationToken.None);
        Assert.Equal(names, entries.Select(entry => entry.ResourceId).Order(StringComparer.Ordinal));
        Assert.Equal("snap-1", entries.Single(entry => entry.ResourceId == names[0]).SnapshotId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_an_attempt_that_died_half_way_has_put_on_record_is_no_longer_there_when_it_is_not_discovered_again(int writes)
    {
        var died = storage.Store(storage.TablesThrough(new FaultyTransport(() => --writes < 0 ? Fault.CrashBefore : Fault.None)));
        await Assert.ThrowsAnyAsync<Exception>(() => died.RecordAsync(Prepared(), preparing, Found([.. Enumerable.Range(0, 350).Select(number => $"r{number}")]), CancellationToken.None));
        Assert.True((await inventory.ReadAsync(Id, CancellationToken.None)).Count < 350);

        // Its successor reads the row, and one that has read it before is none the wiser.
        var recorded = await store.RecordAsync(Prepared(), preparing, Found("r5", "r349", "new"), CancellationToken.None);

        Assert.Equal((RecordResult.Recorded, false), (recorded.Result, recorded.Protection!.InventoryIsBegun));
        Assert.Equal(["new", "r349", "r5"], (await inventory.ReadAsync(Id, CancellationToken.None)).Select(entry => entry.ResourceId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_concurrent_discoveries_one_is_on_record()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
            (await store.RecordAsync(Prepared(), preparing, Found([.. Enumerable.Range(0, 150).Select(number => $"{writer}-{number}")]), CancellationToken.None)).Result));

        Assert.Single(results, RecordResult.Recorded);
        Assert.All(results, result => Assert.True(result is RecordResult.Recorded or RecordResult.AlreadyRecorded, $"{result}"));
        var entries = await inventory.ReadAsync(Id, CancellationToken.None);
        Assert.Equal(150, entries.Count);
        Assert.Single(entries.Select(entry => entry.ResourceId.Split('-')[0]).Distinct());
    }

    [Fact]
    public async Task A_request_to_cancel_that_comes_in_between_keeps_the_inventory_off()
    {
        await store.ActAsync(Id, (current, summary) => current.RequestCancel(summary, Requests.Now, new Actor("alice", null, "")), CancellationToken.None);

        var recorded = await store.RecordAsync(Prepared(), preparing, Found("a"), CancellationToken.None);

        Assert.Equal(RecordResult.Cancelled, recorded.Result);
        Assert.NotNull(recorded.Protection!.Cancel);
        Assert.Empty(await inventory.ReadAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task Of_two_who_write_an_entry_the_second_is_refused()
    {
        await SetAsync("a");
        var entry = Assert.Single(await inventory.ReadAsync(Id, CancellationToken.None));

        var written = Assert.Single(await inventory.TryUpdateAsync(Id, [entry with { State = ResourceState.Capturing }], CancellationToken.None));
        Assert.Empty(await inventory.TryUpdateAsync(Id, [entry with { State = ResourceState.Failed }], CancellationToken.None));
        Assert.Single(await inventory.TryUpdateAsync(Id, [written with { State = ResourceState.Captured, SnapshotId = "snap-1" }], CancellationToken.None));

        Assert.Equal(ResourceState.Captured, Assert.Single(await inventory.ReadAsync(Id, CancellationToken.None)).State);
    }

    [Fact]
    public async Task Entries_that_are_written_together_are_written_or_not_a_hundred_at_a_time()
    {
        await SetAsync([.. Enumerable.Range(0, 250).Select(number => $"r{number:D3}")]);
        var entries = await inventory.ReadAsync(Id, CancellationToken.None);
        await inventory.TryUpdateAsync(Id, [entries[120] with { State = ResourceState.Failed }], CancellationToken.None);

        var written = await inventory.TryUpdateAsync(Id, [.. entries.Select(entry => entry with { State = ResourceState.Capturing })], CancellationToken.None);

        var after = await inventory.ReadAsync(Id, CancellationToken.None);
        Assert.Equal(written, after.Where(entry => entry.State == ResourceState.Capturing));
        Assert.Equal([(ResourceState.Pending, 99), (ResourceState.Capturing, 150), (ResourceState.Failed, 1)], after.CountBy(entry => entry.State).OrderBy(state => state.Key).Select(state => (state.Key, state.Value)));
    }

    [Fact]
    public async Task Many_entries_are_removed_at_once_those_included_that_somebody_wrote_since()
    {
        await SetAsync([.. Enumerable.Range(0, 250).Select(number => $"r{number:D3}")]);
        var entries = await inventory.ReadAsync(Id, CancellationToken.None);
        await inventory.TryUpdateAsync(Id, [entries[7] with { State = ResourceState.Failed }], CancellationToken.None);

        await inventory.RemoveAsync(Id, [.. entries.Skip(1)], CancellationToken.None);

        Assert.Equal(entries[0], Assert.Single(await inventory.ReadAsync(Id, CancellationToken.None)));
    }

    [Fact]
    public async Task An_entry_is_read_as_it_was_written()
    {
        await store.RecordAsync(
            Prepared(),
            preparing,
            [new DiscoveredResource("a", "ebs-volume", "i-1", 100), new DiscoveredResource("b", "ebs-volume", "b", Failure: "no such volume")],
            CancellationToken.None);
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        await UpdateAsync("a", entry => entry with { State = ResourceState.Captured, SnapshotId = "snap-1", TakenAt = now, NextStartAt = now.AddMinutes(5) });

        var entries = (await inventory.ReadAsync(Id, CancellationToken.None)).OrderBy(entry => entry.ResourceId).ToList();

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
        var entry = Assert.Single(await inventory.ReadAsync(Id, CancellationToken.None));
        await inventory.RemoveAsync(Id, [entry], CancellationToken.None);
        await inventory.RemoveAsync(Id, [entry], CancellationToken.None);

        Assert.Empty(await inventory.TryUpdateAsync(Id, [entry], CancellationToken.None));
        Assert.Empty(await inventory.ReadAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_reason_may_be_long_and_is_cut()
    {
        await SetAsync("a");
        await UpdateAsync("a", entry => entry with { State = ResourceState.Failed, Reason = new string('x', 100_000), ErrorsInARow = 5 });

        var entry = Assert.Single(await inventory.ReadAsync(Id, CancellationToken.None));
        Assert.StartsWith("xxx", entry.Reason, StringComparison.Ordinal);
        Assert.Equal(5, entry.ErrorsInARow);
    }

    private static IReadOnlyCollection<DiscoveredResource> Found(params string[] names) => [.. names.Select(name => new DiscoveredResource(name, "test", GroupId: name))];

    private ProtectionTransition Prepared() => preparing.Next(ProtectionStatus.PreparationCompleted, Requests.Now, "The resources are on record.");

    private async Task SetAsync(params string[] names) =>
        Assert.Equal(RecordResult.Recorded, (await store.RecordAsync(Prepared(), preparing, Found(names), CancellationToken.None)).Result);

    private async Task UpdateAsync(string name, Func<ProtectedResource, ProtectedResource> change)
    {
        var entry = (await inventory.ReadAsync(Id, CancellationToken.None)).Single(entry => entry.ResourceId == name);
        Assert.Single(await inventory.TryUpdateAsync(Id, [change(entry)], CancellationToken.None));
    }
}
