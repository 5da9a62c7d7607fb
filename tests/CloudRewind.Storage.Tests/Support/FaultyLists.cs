using CloudRewind.Domain;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>The lists in memory as a client sees them whose writes meet what the test says.</summary>
internal sealed class FaultyLists(InMemoryUnfinished unfinished, InMemoryDuePolicies due, Action<Action> write) : IUnfinishedProtections, IDuePolicies
{
    public Task AddAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellationToken) => Write(() => unfinished.AddAsync(id, at, cancellationToken));

    public IAsyncEnumerable<UnfinishedProtection> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        unfinished.ListDueAsync(now, unreadable, cancellationToken);

    public Task SetDueAsync(ProtectionId id, DateTimeOffset dueAt, DateTimeOffset? overdueAt, CancellationToken cancellationToken) =>
        Write(() => unfinished.SetDueAsync(id, dueAt, overdueAt, cancellationToken));

    public Task RemoveUnchangedAsync(UnfinishedProtection row, CancellationToken cancellationToken) => Write(() => unfinished.RemoveUnchangedAsync(row, cancellationToken));

    public Task RemoveAsync(ProtectionId id, CancellationToken cancellationToken) => Write(() => unfinished.RemoveAsync(id, cancellationToken));

    public Task AddAsync(PolicyKey key, DateTimeOffset dueAt, CancellationToken cancellationToken) => Write(() => due.AddAsync(key, dueAt, cancellationToken));

    IAsyncEnumerable<DuePolicy> IDuePolicies.ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        due.ListDueAsync(now, unreadable, cancellationToken);

    public IAsyncEnumerable<DuePolicy> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        due.ListAfterAsync(after, unreadable, cancellationToken);

    public Task RemoveAsync(DuePolicy row, CancellationToken cancellationToken) => Write(() => due.RemoveAsync(row, cancellationToken));

    // The lists in memory are written at once.
    private Task Write(Func<Task> commit)
    {
        write(() => commit().GetAwaiter().GetResult());
        return Task.CompletedTask;
    }
}
