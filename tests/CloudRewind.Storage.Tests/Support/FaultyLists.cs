using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>The lists in memory as a client sees them whose writes meet what the test says.</summary>
internal sealed class FaultyLists(InMemoryWorkList work, InMemoryDuePolicies due, Action<Action> write) : IWorkList, IDuePolicies
{
    public Task<string> EnsureAsync(WorkKey key, DateTimeOffset expectedAt, CancellationToken cancellationToken) =>
        Write(() => work.EnsureAsync(key, expectedAt, cancellationToken));

    public Task<string?> ClaimAsync(WorkKey key, CancellationToken cancellationToken) => Write(() => work.ClaimAsync(key, cancellationToken));

    public Task<int?> FindGenerationAsync(WorkKey key, CancellationToken cancellationToken) => work.FindGenerationAsync(key, cancellationToken);

    IAsyncEnumerable<WorkItem> IWorkList.ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        work.ListDueAsync(now, unreadable, cancellationToken);

    IAsyncEnumerable<WorkItem> IWorkList.ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        work.ListAfterAsync(after, unreadable, cancellationToken);

    public Task<bool> PostponeAsync(WorkItem item, WorkItem changed, CancellationToken cancellationToken) =>
        Write(() => work.PostponeAsync(item, changed, cancellationToken));

    public Task CompleteAsync(WorkItem item, CancellationToken cancellationToken) => Write(() => work.CompleteAsync(item, cancellationToken));

    public Task CompleteAsync(WorkKey key, string? claim, CancellationToken cancellationToken) => Write(() => work.CompleteAsync(key, claim, cancellationToken));

    public Task AddAsync(PolicyKey key, DateTimeOffset dueAt, CancellationToken cancellationToken) => Write(() => due.AddAsync(key, dueAt, cancellationToken));

    IAsyncEnumerable<DuePolicy> IDuePolicies.ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        due.ListDueAsync(now, unreadable, cancellationToken);

    IAsyncEnumerable<DuePolicy> IDuePolicies.ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        due.ListAfterAsync(after, unreadable, cancellationToken);

    public Task RemoveAsync(DuePolicy row, CancellationToken cancellationToken) => Write(() => due.RemoveAsync(row, cancellationToken));

    // The lists in memory are written at once.
    private T Write<T>(Func<T> commit)
        where T : Task
    {
        T? written = null;
        write(() =>
        {
            written = commit();
            written.GetAwaiter().GetResult();
        });
        return written!;
    }
}
