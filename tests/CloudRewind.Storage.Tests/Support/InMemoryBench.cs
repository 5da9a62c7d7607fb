using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>The store that other tests use. It has no answers that could be lost.</summary>
internal sealed class InMemoryBench : IStoreBench
{
    private readonly InMemoryWorkList work = new();
    private readonly InMemoryDuePolicies due = new();
    private readonly InMemoryProtectionStore store;

    public InMemoryBench() => store = new(work, due);

    public IProtectionStore Store => store;

    public IProtectionPolicyStore Policies => store;

    public IDuePolicies Due => due;

    public InMemoryDuePolicies DueInMemory => due;

    public IProtectionStore StoreThrough(Func<Fault> next) => store.Through(commit => Meet(next(), commit));

    public (IProtectionPolicyStore Policies, IDuePolicies Due) PoliciesThrough(Func<Fault> next)
    {
        var lists = new FaultyLists(work, due, commit => Meet(next(), commit));
        return (store.Through(commit => Meet(next(), commit), lists, lists), lists);
    }

    private static void Meet(Fault fault, Action commit)
    {
        if (fault == Fault.CrashBefore)
            throw new CrashException();
        commit();
        if (fault == Fault.CrashAfter)
            throw new CrashException();
    }

    public Task<bool> IsWatchedAsync(ProtectionId id) => Task.FromResult(work.Has(id));
}
