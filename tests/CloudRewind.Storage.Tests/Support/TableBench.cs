using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Policies;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>The store of the app, on Azurite.</summary>
internal sealed class TableBench(StorageFixture storage) : IStoreBench
{
    public IProtectionStore Store { get; } = storage.Store();

    public IProtectionStore StoreThrough(Func<Fault> next) => storage.Store(storage.TablesThrough(new FaultyTransport(next)));

    public IProtectionPolicyStore Policies { get; } = storage.Policies();

    public IDuePolicies Due { get; } = new TableDuePolicies(storage.Tables);

    public (IProtectionPolicyStore Policies, IDuePolicies Due) PoliciesThrough(Func<Fault> next)
    {
        var tables = storage.TablesThrough(new FaultyTransport(next));
        return (storage.Policies(tables), new TableDuePolicies(tables));
    }

    public async Task<bool> IsWatchedAsync(ProtectionId id) => (await storage.WatchedAsync(id)).Count > 0;
}
