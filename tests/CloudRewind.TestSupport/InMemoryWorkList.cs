using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;

namespace CloudRewind.TestSupport;

/// <summary>The work list, in memory.</summary>
public sealed class InMemoryWorkList : IWorkList
{
    private readonly Lock writing = new();
    private readonly ConcurrentDictionary<WorkKey, (WorkItem Item, string Claim)> items = [];
    private int latestVersion;

    /// <summary>Whether it can be neither read nor written.</summary>
    public bool IsBroken { get; set; }

    /// <summary>All work on it.</summary>
    public IEnumerable<WorkItem> Items => items.Values.Select(item => item.Item);

    /// <summary>Whether a protection is on it.</summary>
    public bool Has(ProtectionId id) => items.ContainsKey(WorkKey.Lifecycle(id));

    /// <summary>Whether a protection of the assembly with this number is on it.</summary>
    public bool Has(long assembly) => items.Keys.Any(key => key.Protection is not null && key.Assembly.CloudAssemblyId == assembly);

    /// <summary>When the one protection of the assembly with this number is due.</summary>
    public DateTimeOffset DueAt(long assembly) => Items.Single(item => item.Key.Protection is not null && item.Key.Assembly.CloudAssemblyId == assembly).DueAt;

    /// <summary>When a protection is due.</summary>
    public DateTimeOffset DueAt(ProtectionId id) => items[WorkKey.Lifecycle(id)].Item.DueAt;

    /// <inheritdoc/>
    public Task<string> EnsureAsync(WorkKey key, DateTimeOffset expectedAt, CancellationToken cancellationToken) => WriteAsync(() =>
    {
        var claim = NewVersion();
        var item = items.TryGetValue(key, out var listed)
            ? listed.Item with { ExpectedAt = expectedAt, DueAt = expectedAt }
            : new WorkItem(key, expectedAt, expectedAt, expectedAt, "");
        items[key] = (item with { Version = NewVersion() }, claim);
        return claim;
    });

    /// <inheritdoc/>
    public Task<string?> ClaimAsync(WorkKey key, CancellationToken cancellationToken) => WriteAsync(() =>
    {
        if (!items.TryGetValue(key, out var listed))
            return null;
        items[key] = listed with { Claim = NewVersion() };
        return items[key].Claim;
    });

    /// <inheritdoc/>
    public Task<int?> FindGenerationAsync(WorkKey key, CancellationToken cancellationToken) =>
        WriteAsync<int?>(() => items.TryGetValue(key, out var listed) ? listed.Item.Generation : null);

    /// <inheritdoc/>
    public IAsyncEnumerable<WorkItem> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        ListAsync(item => item.DueAt <= now, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<WorkItem> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        ListAsync(item => item.DueAt > after, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PostponeAsync(WorkItem item, WorkItem changed, CancellationToken cancellationToken) => WriteAsync(() =>
    {
        if (!IsUnchanged(item))
            return false;
        items[item.Key] = (changed with { Version = NewVersion() }, NewVersion());
        return true;
    });

    /// <inheritdoc/>
    public Task CompleteAsync(WorkItem item, CancellationToken cancellationToken) => WriteAsync(() => IsUnchanged(item) && items.TryRemove(item.Key, out _));

    /// <inheritdoc/>
    public Task CompleteAsync(WorkKey key, string? claim, CancellationToken cancellationToken) =>
        WriteAsync(() => (claim is null || (items.TryGetValue(key, out var listed) && listed.Claim == claim)) && items.TryRemove(key, out _));

    private bool IsUnchanged(WorkItem item) => items.TryGetValue(item.Key, out var listed) && listed.Item.Version == item.Version;

    private string NewVersion() => (++latestVersion).ToString(CultureInfo.InvariantCulture);

    private Task<T> WriteAsync<T>(Func<T> write)
    {
        if (IsBroken)
            return Task.FromException<T>(new StoreUnavailableException("The work list cannot be written.", new IOException()));
        lock (writing)
            return Task.FromResult(write());
    }

    private async IAsyncEnumerable<WorkItem> ListAsync(Func<WorkItem, bool> filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var item in await WriteAsync(() => Items.Where(filter).ToList()))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}
