using CloudRewind.Domain.Protections;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>The store of the app, on Azurite.</summary>
internal sealed class TableBench(StorageFixture storage) : IStoreBench
{
    public IProtectionStore Store { get; } = storage.Store();

    public IProtectionStore StoreThrough(Func<Fault> next) => storage.Store(storage.TablesThrough(new FaultyTransport(next), retries: 2));

    public async Task<bool> IsWatchedAsync(ProtectionId id) => (await storage.WatchedAsync(id)).Count > 0;
}
