using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Assemblies;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Protections;

[Collection(StorageTests.Name)]
public sealed class UnfinishedProtectionsTests(StorageFixture storage)
{
    private readonly TableUnfinishedProtections unfinished = new(storage.Tables);
    private readonly ProtectionId id = new(StorageFixture.NewAssembly("a/b#c?d"), 0, 5);

    [Fact]
    public async Task One_that_was_added_is_due_at_once()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);

        Assert.True(await IsDueAsync(Requests.Now));
        Assert.False(await IsDueAsync(Requests.Now.AddSeconds(-1)));
    }

    [Fact]
    public async Task One_that_was_postponed_is_due_then_and_not_before()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        await unfinished.SetDueAsync(id, Requests.Now.AddDays(30), CancellationToken.None);

        Assert.False(await IsDueAsync(Requests.Now.AddDays(29)));
        Assert.True(await IsDueAsync(Requests.Now.AddDays(30)));
    }

    [Fact]
    public async Task One_that_was_removed_is_gone_and_cannot_be_postponed_back()
    {
        await unfinished.AddAsync(id, Requests.Now, CancellationToken.None);
        await unfinished.RemoveAsync(id, CancellationToken.None);
        await unfinished.RemoveAsync(id, CancellationToken.None);
        await unfinished.SetDueAsync(id, Requests.Now, CancellationToken.None);

        Assert.False(await IsDueAsync(Requests.Now.AddYears(1)));
    }

    [Fact]
    public async Task A_deletion_is_listed_with_its_first_request_until_it_is_removed_and_is_no_protection()
    {
        var deletions = new TableUnfinishedDeletions(storage.Tables);
        await deletions.AddAsync(id.Assembly, Requests.Now, CancellationToken.None);
        await deletions.AddAsync(id.Assembly, Requests.Now.AddHours(1), CancellationToken.None);

        Assert.Equal([new UnfinishedDeletion(id.Assembly, Requests.Now)], await ListedAsync());
        Assert.False(await IsDueAsync(Requests.Now.AddYears(1)));

        await deletions.RemoveAsync(id.Assembly, CancellationToken.None);
        await deletions.RemoveAsync(id.Assembly, CancellationToken.None);
        Assert.Empty(await ListedAsync());

        ValueTask<List<UnfinishedDeletion>> ListedAsync() => deletions.ListAsync(CancellationToken.None).Where(row => row.Assembly == id.Assembly).ToListAsync();
    }

    private async Task<bool> IsDueAsync(DateTimeOffset now) =>
        await unfinished.ListDueAsync(now, CancellationToken.None).AnyAsync(row => row.Id == id);
}
