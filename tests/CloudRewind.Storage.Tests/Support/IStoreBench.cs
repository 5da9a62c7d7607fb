using CloudRewind.Domain.Protections;
using CloudRewind.TestSupport;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>A store of protections on the test bench.</summary>
public interface IStoreBench
{
    /// <summary>The store.</summary>
    IProtectionStore Store { get; }

    /// <summary>A client of the same store, whose writes meet what the test says.</summary>
    IProtectionStore StoreThrough(Func<Fault> next);

    /// <summary>Whether a protection is on the watchdog's list.</summary>
    Task<bool> IsWatchedAsync(ProtectionId id);
}

/// <summary>The store of the app, on Azurite.</summary>
internal sealed class TableBench(StorageFixture storage) : IStoreBench
{
    public IProtectionStore Store { get; } = storage.Store();

    public IProtectionStore StoreThrough(Func<Fault> next) => storage.Store(storage.TablesThrough(new FaultyTransport(next), retries: 2));

    public async Task<bool> IsWatchedAsync(ProtectionId id) => (await storage.WatchedAsync(id)).Count > 0;
}

/// <summary>The store that other tests use. It has no answers that could be lost.</summary>
internal sealed class InMemoryBench : IStoreBench
{
    private readonly InMemoryUnfinished unfinished = new();
    private readonly InMemoryProtectionStore store;

    public InMemoryBench() => store = new(unfinished);

    public IProtectionStore Store => store;

    public IProtectionStore StoreThrough(Func<Fault> next) => store.Through(commit =>
    {
        var fault = next();
        if (fault == Fault.CrashBefore)
            throw new CrashException();
        commit();
        if (fault == Fault.CrashAfter)
            throw new CrashException();
    });

    public Task<bool> IsWatchedAsync(ProtectionId id) => Task.FromResult(unfinished.Has(id));
}
