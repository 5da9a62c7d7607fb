using System.Globalization;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>An inventory that refuses a writer who holds an older version, as the real one does.</summary>
internal sealed class InMemoryInventory : IResourceInventory
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, ProtectedResource> entries = new(StringComparer.Ordinal);
    private TaskCompletionSource? allHaveRead;
    private int readersToCome;
    private int version;

    public ProtectedResource this[string resourceId]
    {
        get
        {
            lock (gate)
                return entries[resourceId];
        }
    }

    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    public InMemoryInventory With(params string[] resourceIds)
    {
        foreach (var id in resourceIds)
            entries[id] = Versioned(new ProtectedResource { ResourceId = id, Type = "test", State = ResourceState.Pending });
        return this;
    }

    public Task SetAsync(ProtectionId id, IReadOnlyCollection<DiscoveredResource> resources, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Holds the next <paramref name="count"/> readers back until all of them have read, so that each acts on the same versions.</summary>
    public void LetNextReadersSeeTheSame(int count)
    {
        lock (gate)
            (readersToCome, allHaveRead) = (count, new(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    public async Task<IReadOnlyList<ProtectedResource>> ReadAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        IReadOnlyList<ProtectedResource> read;
        Task others;
        lock (gate)
        {
            read = [.. entries.Values];
            others = readersToCome > 0 ? allHaveRead!.Task : Task.CompletedTask;
            if (readersToCome > 0 && --readersToCome == 0)
                allHaveRead!.SetResult();
        }

        await others.WaitAsync(cancellationToken);
        return read;
    }

    public Task<ProtectedResource?> TryUpdateAsync(ProtectionId id, ProtectedResource resource, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(resource.ResourceId, out var current) || current.Version != resource.Version)
                return Task.FromResult<ProtectedResource?>(null);
            return Task.FromResult<ProtectedResource?>(entries[resource.ResourceId] = Versioned(resource));
        }
    }

    public Task RemoveAsync(ProtectionId id, ProtectedResource resource, CancellationToken cancellationToken)
    {
        lock (gate)
            entries.Remove(resource.ResourceId);
        return Task.CompletedTask;
    }

    private ProtectedResource Versioned(ProtectedResource resource) =>
        resource with { Version = (++version).ToString(CultureInfo.InvariantCulture) };
}
