using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tests.Support;
using CloudRewind.Storage.Watchdog;

namespace CloudRewind.Storage.Tests.Watchdog;

[Collection(StorageTests.Name)]
public sealed class UnfinishedProtectionsTests(StorageFixture storage)
{
    private readonly TableUnfinishedProtections unfinished = new(storage.Tables);
    private readonly List<UnreadableRow> unreadable = [];
    private readonly ProtectionId id = new(StorageFixture.NewAssembly("a/b#c?d"), 0, 5);

    [Fact]
    public async Task A_protection_is_due_as_soon_as_it_is_added()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);

        Assert.True(await IsDueAsync(Requests.Now));
        Assert.False(await IsDueAsync(Requests.Now.AddSeconds(-1)));
    }

    [Fact]
    public async Task A_protection_is_due_at_the_time_that_was_set_and_not_before()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        await unfinished.SetDueAsync(id, Requests.Now.AddHours(20), overdueAt: null, CancellationToken.None);

        Assert.False(await IsDueAsync(Requests.Now.AddHours(19)));
        Assert.True(await IsDueAsync(Requests.Now.AddHours(20)));
    }

    [Fact]
    public async Task A_protection_that_a_clock_of_another_day_has_put_off_is_due()
    {
        await unfinished.AddAsync(id, Requests.Now.AddDays(40), CancellationToken.None);

        Assert.True(await IsDueAsync(Requests.Now));
    }

    [Fact]
    public async Task That_an_orchestration_was_found_overdue_stays_on_record_whatever_else_is_written()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        Assert.Null((await ReadAsync()).OverdueAt);

        await unfinished.SetDueAsync(id, Requests.Now, Requests.Now.AddHours(-1), CancellationToken.None);
        await unfinished.SetDueAsync(id, Requests.Now, overdueAt: null, CancellationToken.None);
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);

        Assert.Equal(Requests.Now.AddHours(-1), (await ReadAsync()).OverdueAt);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_reported_and_keeps_no_other_from_being_listed()
    {
        var deletions = new TableUnfinishedDeletions(storage.Tables);
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        await deletions.AddAsync(id.Assembly, Requests.Now, CancellationToken.None);
        var row = $"0-of another version {Guid.NewGuid():N}";
        TableEntity[] foreign =
        [
            new("unfinished", row) { ["ProtectionId"] = "v2/demo/2", ["WrittenAt"] = Requests.Now, ["DueAt"] = Requests.Now },
            new("deletions", row) { ["RequestedAt"] = "soon" },
        ];
        foreach (var entity in foreign)
            await storage.Tables.UnfinishedProtections.AddEntityAsync(entity);
        try
        {
            Assert.True(await IsDueAsync(Requests.Now));
            Assert.Single(await ListedAsync(deletions));
        }
        finally
        {
            foreach (var entity in foreign)
                await storage.Tables.UnfinishedProtections.DeleteEntityAsync(entity);
        }

        Assert.Equal(["unfinished", "deletions"], unreadable.Where(passed => passed.RowKey == row).Select(passed => passed.PartitionKey));
        Assert.All(unreadable, passed => Assert.Equal("UnfinishedProtections", passed.Table));
    }

    [Fact]
    public async Task A_removed_protection_stays_removed()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        await unfinished.RemoveAsync(id, CancellationToken.None);
        await unfinished.RemoveAsync(id, CancellationToken.None);
        await unfinished.SetDueAsync(id, Requests.Now, overdueAt: null, CancellationToken.None);

        Assert.False(await IsDueAsync(Requests.Now.AddYears(1)));
    }

    [Fact]
    public async Task A_protection_whose_row_was_written_again_since_it_was_read_stays()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        var read = await ReadAsync();
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);

        await unfinished.RemoveUnchangedAsync(read, CancellationToken.None);
        Assert.True(await IsDueAsync(Requests.Now));
        await unfinished.RemoveUnchangedAsync(await ReadAsync(), CancellationToken.None);
        await unfinished.RemoveUnchangedAsync(read, CancellationToken.None);

        Assert.False(await IsDueAsync(Requests.Now));
    }

    [Fact]
    public async Task A_deletion_is_listed_with_the_time_of_its_first_request_until_it_is_removed()
    {
        var deletions = new TableUnfinishedDeletions(storage.Tables);
        await deletions.AddAsync(id.Assembly, Requests.Now, CancellationToken.None);
        await deletions.AddAsync(id.Assembly, Requests.Now.AddHours(1), CancellationToken.None);

        Assert.Equal([new UnfinishedDeletion(id.Assembly, Requests.Now)], await ListedAsync(deletions));
        Assert.False(await IsDueAsync(Requests.Now.AddYears(1)));

        await deletions.RemoveAsync(id.Assembly, version: null, CancellationToken.None);
        await deletions.RemoveAsync(id.Assembly, version: null, CancellationToken.None);
        Assert.Empty(await ListedAsync(deletions));
    }

    [Fact]
    public async Task What_drives_a_deletion_stays_on_record_until_it_is_removed()
    {
        var deletions = new TableUnfinishedDeletions(storage.Tables);
        var replaced = new UnfinishedDeletion(id.Assembly, Requests.Now, Generation: 1, OverdueAt: Requests.Now.AddHours(1));
        Assert.False(await deletions.UpdateAsync(replaced, CancellationToken.None));
        Assert.Null(await deletions.FindGenerationAsync(id.Assembly, CancellationToken.None));

        await deletions.AddAsync(id.Assembly, Requests.Now, CancellationToken.None);
        Assert.Equal(0, await deletions.FindGenerationAsync(id.Assembly, CancellationToken.None));
        Assert.True(await deletions.UpdateAsync(replaced, CancellationToken.None));
        await deletions.AddAsync(id.Assembly, Requests.Now.AddHours(2), CancellationToken.None);

        Assert.Equal([replaced], await ListedAsync(deletions));
        Assert.Equal(1, await deletions.FindGenerationAsync(id.Assembly, CancellationToken.None));
    }

    [Fact]
    public async Task Who_is_refused_does_not_take_a_deletion_off_the_list_that_another_is_at_work_on()
    {
        var deletions = new TableUnfinishedDeletions(storage.Tables);
        Assert.Null(await deletions.ClaimAsync(id.Assembly, CancellationToken.None));
        var refused = await deletions.AddAsync(id.Assembly, Requests.Now, CancellationToken.None);
        var other = await deletions.AddAsync(id.Assembly, Requests.Now.AddHours(1), CancellationToken.None);

        await deletions.RemoveAsync(id.Assembly, refused, CancellationToken.None);
        Assert.Equal([new UnfinishedDeletion(id.Assembly, Requests.Now)], await ListedAsync(deletions));

        var orchestration = await deletions.ClaimAsync(id.Assembly, CancellationToken.None);
        await deletions.RemoveAsync(id.Assembly, other, CancellationToken.None);
        Assert.Equal([new UnfinishedDeletion(id.Assembly, Requests.Now)], await ListedAsync(deletions));

        await deletions.RemoveAsync(id.Assembly, orchestration, CancellationToken.None);
        Assert.Empty(await ListedAsync(deletions));
    }

    private ValueTask<List<UnfinishedDeletion>> ListedAsync(TableUnfinishedDeletions deletions) =>
        deletions.ListAsync(unreadable.Add, CancellationToken.None).Where(row => row.Assembly == id.Assembly).ToListAsync();

    private async Task<bool> IsDueAsync(DateTimeOffset now) =>
        await unfinished.ListDueAsync(now, unreadable.Add, CancellationToken.None).AnyAsync(row => row.Id == id);

    private async Task<UnfinishedProtection> ReadAsync()
    {
        await foreach (var row in unfinished.ListDueAsync(Requests.Now, unreadable.Add, CancellationToken.None))
        {
            if (row.Id == id)
                return row;
        }

        throw new InvalidOperationException("it is not due");
    }
}
