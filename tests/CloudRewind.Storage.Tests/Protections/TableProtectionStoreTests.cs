using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Protections;

[Collection(StorageTests.Name)]
public sealed class TableProtectionStoreTests(StorageFixture storage) : ProtectionStoreContract(new TableBench(storage))
{
    private readonly StorageFixture storage = storage;
    private readonly TableProtectionStore store = storage.Store();
    private readonly AssemblyKey assembly = StorageFixture.NewAssembly();

    [Fact]
    public async Task A_status_lookup_is_one_request()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        var transport = new FaultyTransport(() => Fault.None);

        Assert.NotNull(await storage.Store(storage.TablesThrough(transport)).FindAsync(created.Id, CancellationToken.None));

        Assert.Equal(1, transport.Requests);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_makes_no_second_protection()
    {
        var faults = new Queue<Fault>([Fault.None, Fault.LostAnswer]); // the watchdog's row, then the creation itself
        var transport = new FaultyTransport(() => faults.TryDequeue(out var fault) ? fault : Fault.None);
        var flaky = storage.Store(storage.TablesThrough(transport));

        var created = Assert.IsType<CreateResult.Accepted>(await flaky.CreateAsync(Requests.New(assembly), CancellationToken.None));

        Assert.False(created.Replayed);
        Assert.Equal(created.Protection, await store.FindAsync(created.Protection.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_create_that_dies_half_way_is_on_the_watchdogs_list()
    {
        var faults = new Queue<Fault>([Fault.None, Fault.CrashBefore]); // the watchdog's row, then the creation itself
        var dying = storage.Store(storage.TablesThrough(new FaultyTransport(() => faults.TryDequeue(out var fault) ? fault : Fault.None)));

        await Assert.ThrowsAsync<CrashException>(() => dying.CreateAsync(Requests.New(assembly), CancellationToken.None));

        Assert.Empty((await store.ListAsync(new ProtectionQuery(assembly, 0, long.MaxValue, 0, 10), CancellationToken.None)).Items);
        Assert.Single((await storage.RowsAsync(StorageTables.WorkListName, $"Subject ge 't{assembly}:' and Subject lt 't{assembly};'")).Select(row => row["Subject"]).Distinct());
    }
}
