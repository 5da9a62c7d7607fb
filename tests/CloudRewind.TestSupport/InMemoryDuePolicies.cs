using CloudRewind.Domain;
using CloudRewind.Domain.Policies;

namespace CloudRewind.TestSupport;

/// <summary>The policies by when they are due, in memory.</summary>
public sealed class InMemoryDuePolicies : IDuePolicies
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(DateTimeOffset DueAt, string Key), DuePolicy> rows = [];
    private long writes;

    /// <summary>How many rows there are.</summary>
    public int Count => rows.Count;

    /// <summary>When the first row is due; null where there is none.</summary>
    public DateTimeOffset? FirstDueAt
    {
        get
        {
            lock (gate)
                return rows.Count == 0 ? null : rows.Keys.First().DueAt;
        }
    }

    /// <inheritdoc/>
    public Task AddAsync(PolicyKey key, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        lock (gate)
            rows[(dueAt, key.ToString())] = new DuePolicy(key, dueAt, $"{++writes}");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DuePolicy> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        ListAsync(all => all.TakeWhile(row => row.DueAt <= now));

    /// <inheritdoc/>
    public IAsyncEnumerable<DuePolicy> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        ListAsync(all => all.SkipWhile(row => row.DueAt <= after));

    private async IAsyncEnumerable<DuePolicy> ListAsync(Func<IEnumerable<DuePolicy>, IEnumerable<DuePolicy>> select)
    {
        List<DuePolicy> found;
        lock (gate)
            found = [.. select(rows.Values)];
        foreach (var row in found)
        {
            await Task.Yield();
            yield return row;
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(DuePolicy due, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (rows.TryGetValue((due.DueAt, due.Key.ToString()), out var current) && current.Version == due.Version)
                rows.Remove((due.DueAt, due.Key.ToString()));
        }

        return Task.CompletedTask;
    }
}
