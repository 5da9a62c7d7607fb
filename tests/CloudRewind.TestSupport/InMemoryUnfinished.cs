using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.TestSupport;

/// <summary>The watchdog's list, in memory.</summary>
public sealed class InMemoryUnfinished : IUnfinishedProtections
{
    private readonly ConcurrentDictionary<ProtectionId, (DateTimeOffset WrittenAt, DateTimeOffset DueAt, DateTimeOffset? OverdueAt)> rows = [];

    /// <summary>Whether a protection is on it.</summary>
    public bool Has(ProtectionId id) => rows.ContainsKey(id);

    /// <summary>Whether a protection of the assembly with this number is on it.</summary>
    public bool Has(long assembly) => rows.Keys.Any(id => id.Assembly.CloudAssemblyId == assembly);

    /// <summary>When the one protection of the assembly with this number is due.</summary>
    public DateTimeOffset DueAt(long assembly) => rows.Single(row => row.Key.Assembly.CloudAssemblyId == assembly).Value.DueAt;

    /// <summary>When a protection is due.</summary>
    public DateTimeOffset DueAt(ProtectionId id) => rows[id].DueAt;

    /// <inheritdoc/>
    public Task AddAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        rows.AddOrUpdate(id, (at, at, null), (_, row) => (at, at, row.OverdueAt));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UnfinishedProtection> ListDueAsync(
        DateTimeOffset now, Action<UnreadableRow> unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (id, row) in rows.Where(row => row.Value.DueAt <= now || row.Value.DueAt > now + WatchPolicy.LongestUnread).ToList())
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new UnfinishedProtection(id, row.WrittenAt, row.OverdueAt, Version(row));
        }
    }

    /// <inheritdoc/>
    public Task SetDueAsync(ProtectionId id, DateTimeOffset dueAt, DateTimeOffset? overdueAt, CancellationToken cancellationToken)
    {
        if (rows.TryGetValue(id, out var row))
            rows[id] = (row.WrittenAt, dueAt, overdueAt ?? row.OverdueAt);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveUnchangedAsync(UnfinishedProtection row, CancellationToken cancellationToken)
    {
        if (rows.TryGetValue(row.Id, out var current) && Version(current) == row.Version)
            rows.TryRemove(new(row.Id, current));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        rows.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    private static string Version((DateTimeOffset WrittenAt, DateTimeOffset DueAt, DateTimeOffset? OverdueAt) row) => $"{row.WrittenAt.UtcTicks}-{row.DueAt.UtcTicks}";
}
