using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Storage.Tests.Protections;

[Collection(StorageTests.Name)]
public sealed class SummaryReadsTests(StorageFixture storage)
{
    private const int Held = 300;

    [Fact]
    public async Task The_newest_good_copy_of_many_goes_with_a_handful_of_requests()
    {
        var store = storage.Store();
        var assembly = StorageFixture.NewAssembly();
        var first = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing, PreparationCompleted, InProgress, Success);
        var next = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing, PreparationCompleted, InProgress, Success);
        var partial = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing, PreparationCompleted, InProgress, PartiallyProtected);
        var newest = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing, PreparationCompleted, InProgress, Success);
        await HoldAsync(Enumerable.Range(1, Held).Select(age => newest with
        {
            Id = new ProtectionId(assembly, 0, first.Id.EpochMilliseconds - age),
            CreatedAt = first.CreatedAt.AddMilliseconds(-age),
        }));
        var counting = new FaultyTransport(() => Fault.None);

        var act = await storage.Store(storage.TablesThrough(counting)).ActAsync(
            newest.Id, (current, summary) => current.RequestPrune(summary, Requests.Now, new Actor("alice", "token-1", "request-1")), CancellationToken.None);

        Assert.Equal((ActResult.Done, next.Id), (act!.Result, act.Summary.NewestGood!.Id));
        Assert.InRange(counting.Requests, 1, 6); // the summary, the copy, what is held, the next one, whether it is held, the write
        Assert.NotEqual(partial.Id, act.Summary.NewestGood.Id);
    }

    private async Task HoldAsync(IEnumerable<Protection> protections)
    {
        var table = new TableServiceClient(storage.ConnectionString).GetTableClient(StorageTables.ProtectionsName);
        foreach (var some in protections.Chunk(50))
        {
            await table.SubmitTransactionAsync(some
                .SelectMany(protection => new[] { ProtectionRow.Create(protection), HeldRow.Create(protection) })
                .Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
        }
    }
}
