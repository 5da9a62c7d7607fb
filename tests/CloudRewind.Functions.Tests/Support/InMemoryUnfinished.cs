using System.Collections.Concurrent;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>The watchdog's list.</summary>
internal sealed class InMemoryUnfinished : IUnfinishedProtections
{
    private readonly ConcurrentDictionary<ProtectionId, (DateTimeOffset WrittenAt, DateTimeOffset LookFrom)> rows = [];

    public bool Has(long assembly) => rows.Keys.Any(id => id.Assembly.CloudAssemblyId == assembly);

    public DateTimeOffset LookFrom(long assembly) => rows.Single(row => row.Key.Assembly.CloudAssemblyId == assembly).Value.LookFrom;

    public Task AddAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellation)
    {
        rows[id] = (at, at);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<UnfinishedProtection> ListDueAsync(
        DateTimeOffset now, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (id, row) in rows.Where(row => row.Value.LookFrom <= now).ToList())
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return new UnfinishedProtection(id, row.WrittenAt);
        }
    }

    public Task SetDueAsync(ProtectionId id, DateTimeOffset dueAt, CancellationToken cancellation)
    {
        rows[id] = (rows[id].WrittenAt, dueAt);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(ProtectionId id, CancellationToken cancellation)
    {
        rows.TryRemove(id, out _);
        return Task.CompletedTask;
    }
}
