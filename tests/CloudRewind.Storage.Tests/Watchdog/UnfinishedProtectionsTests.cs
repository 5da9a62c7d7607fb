using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tests.Support;
using CloudRewind.Storage.Watchdog;

namespace CloudRewind.Storage.Tests.Watchdog;

[Collection(StorageTests.Name)]
public sealed class UnfinishedProtectionsTests(StorageFixture storage)
{
    private readonly TableUnfinishedProtections unfinished = new(storage.Tables);
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
        await unfinished.SetDueAsync(id, Requests.Now.AddDays(30), CancellationToken.None);

        Assert.False(await IsDueAsync(Requests.Now.AddDays(29)));
        Assert.True(await IsDueAsync(Requests.Now.AddDays(30)));
    }

    [Fact]
    public async Task A_removed_protection_stays_removed()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        await unfinished.RemoveAsync(id, CancellationToken.None);
        await unfinished.RemoveAsync(id, CancellationToken.None);
        await unfinished.SetDueAsync(id, Requests.Now, CancellationToken.None);

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
        deletions.ListAsync(CancellationToken.None).Where(row => row.Assembly == id.Assembly).ToListAsync();

    private async Task<bool> IsDueAsync(DateTimeOffset now) =>
        await unfinished.ListDueAsync(now, CancellationToken.None).AnyAsync(row => row.Id == id);

    private async Task<UnfinishedProtection> ReadAsync()
    {
        await foreach (var row in unfinished.ListDueAsync(Requests.Now, CancellationToken.None))
        {
            if (row.Id == id)
                return row;
        }

        throw new InvalidOperationException("it is not due");
    }
}
