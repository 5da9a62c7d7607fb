using CloudRewind.Domain.Protections;
using CloudRewind.TestSupport;

namespace CloudRewind.Storage.Tests.Support;

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
