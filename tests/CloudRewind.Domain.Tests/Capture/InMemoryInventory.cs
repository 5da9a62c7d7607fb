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

    public IReadOnlyCollection<string> ResourceIds
    {
        get
        {
            lock (gate)
                return [.. entries.Keys];
        }
    }

    /// <summary>Resources that are captured alone.</summary>
    public InMemoryInventory With(params string[] resourceIds)
    {
        foreach (var id in resourceIds)
            WithGroup(id, id);
        return this;
    }

    /// <summary>Resources that are captured at the same moment.</summary>
    public InMemoryInventory WithGroup(string groupId, params string[] resourceIds)
    {
        foreach (var id in resourceIds)
            With(new ProtectedResource { ResourceId = id, Type = "test", GroupId = groupId, State = ResourceState.Pending });
        return this;
    }

    public InMemoryInventory With(ProtectedResource entry)
    {
        entries[entry.ResourceId] = Versioned(entry);
        return this;
    }

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

    public Task<IReadOnlyList<ProtectedResource>> TryUpdateAsync(ProtectionId id, IReadOnlyList<ProtectedResource> resources, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var written = new List<ProtectedResource>();
            foreach (var batch in resources.Chunk(100))
            {
                if (batch.All(entry => entries.TryGetValue(entry.ResourceId, out var current) && current.Version == entry.Version))
                    written.AddRange(batch.Select(entry => entries[entry.ResourceId] = Versioned(entry)));
            }

            return Task.FromResult<IReadOnlyList<ProtectedResource>>(written);
        }
    }

    public Task RemoveAsync(ProtectionId id, IReadOnlyCollection<ProtectedResource> resources, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var resource in resources)
                entries.Remove(resource.ResourceId);
        }

        return Task.CompletedTask;
    }

    private ProtectedResource Versioned(ProtectedResource resource) =>
        resource with { Version = (++version).ToString(CultureInfo.InvariantCulture) };
}
