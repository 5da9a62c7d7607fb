using System.Collections.Concurrent;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>A provider whose answers a test decides on, and which counts what is asked of it. Left alone, each start makes snapshots that are listed at once.</summary>
internal sealed class ScriptedProvider(TimeProvider time) : ICaptureProvider
{
    public const string ProviderName = "Scripted";

    private readonly Lock gate = new();
    private readonly List<Snapshot> snapshots = [];
    private int atWork;
    private int sets;

    public string Name => ProviderName;

    public TimeSpan SettleWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What a start comes to; by default a snapshot of each, as one set.</summary>
    public Func<IReadOnlyList<ProtectedResource>, Task<IReadOnlyList<Snapshot>>>? OnStart { get; set; }

    /// <summary>Happens before a start is made.</summary>
    public Func<CancellationToken, Task> OnStarting { get; set; } = _ => Task.CompletedTask;

    /// <summary>What is listed; by default all that there is.</summary>
    public Func<Task<IReadOnlyList<Snapshot>>>? OnList { get; set; }

    /// <summary>Happens before snapshots are listed.</summary>
    public Func<CancellationToken, Task> OnListing { get; set; } = _ => Task.CompletedTask;

    /// <summary>What keeps a snapshot from being removed; null where nothing does.</summary>
    public Func<string, string?> OnRemove { get; set; } = _ => null;

    /// <summary>Happens before a snapshot is removed.</summary>
    public Func<string, CancellationToken, Task> OnRemoving { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The snapshots that neither a list, nor a query, nor a removal knows, although they are there.</summary>
    public HashSet<string> Hidden { get; } = [];

    /// <summary>How often snapshots were asked for by their ids.</summary>
    public int Queries { get; private set; }

    /// <summary>The locations at which it was asked for anything, each once.</summary>
    public HashSet<SnapshotLocation> Locations { get; } = [];

    /// <summary>The connections that are refused.</summary>
    public HashSet<CloudConnection> RefusedConnections { get; } = [];

    /// <summary>The groups that were asked to be started, each time they were.</summary>
    public ConcurrentQueue<string> Started { get; } = [];

    public ConcurrentQueue<string> Removed { get; } = [];

    public int Listings { get; private set; }

    public int MostAtOnce { get; private set; }

    public IReadOnlyList<Snapshot> Snapshots
    {
        get
        {
            lock (gate)
                return [.. snapshots];
        }
    }

    /// <summary>Makes a snapshot of each resource, as one set.</summary>
    public IReadOnlyList<Snapshot> Take(params IEnumerable<string> resources)
    {
        lock (gate)
        {
            var set = $"set-{++sets}";
            Snapshot[] taken = [.. resources.Select(id => new Snapshot($"snap-{id}-{sets}", id, set, SnapshotState.Pending, 0, time.GetUtcNow()))];
            snapshots.AddRange(taken);
            return taken;
        }
    }

    public IReadOnlyList<Snapshot> Take(IReadOnlyList<ProtectedResource> group) => Take(group.Select(entry => entry.ResourceId));

    /// <summary>Changes what there is of the snapshots of some resources; of all where none is named.</summary>
    public void Change(Func<Snapshot, Snapshot> change, params string[] resources)
    {
        lock (gate)
        {
            for (var i = 0; i < snapshots.Count; i++)
            {
                if (resources.Length == 0 || resources.Contains(snapshots[i].ResourceId))
                    snapshots[i] = change(snapshots[i]);
            }
        }
    }

    public void Complete(params string[] resources) => Change(snapshot => snapshot with { State = SnapshotState.Completed, Percent = 100 }, resources);

    public void Vanish(string resource)
    {
        lock (gate)
            snapshots.RemoveAll(snapshot => snapshot.ResourceId == resource);
    }

    public string? FaultOf(string resourceId) => null;

    public Task CheckAsync(CaptureTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Discovery> DiscoverAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<MissingPermission>> FindMissingPermissionsAsync(
        CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<IReadOnlyList<Snapshot>> StartAsync(CaptureTarget target, IReadOnlyList<ProtectedResource> group, CancellationToken cancellationToken)
    {
        Enter(target);
        Started.Enqueue(group[0].GroupId);
        lock (gate)
            MostAtOnce = Math.Max(MostAtOnce, ++atWork);
        try
        {
            await Task.Yield();
            await OnStarting(cancellationToken);
            return OnStart is null ? Take(group) : await OnStart(group);
        }
        finally
        {
            lock (gate)
                atWork--;
        }
    }

    public async Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        Enter(target);
        lock (gate)
            Listings++;
        await OnListing(cancellationToken);
        return OnList is null ? [.. Snapshots.Where(snapshot => !Hidden.Contains(snapshot.Id))] : await OnList();
    }

    public Task<IReadOnlyList<Snapshot>> FindAsync(CaptureTarget target, IReadOnlyCollection<string> snapshotIds, CancellationToken cancellationToken)
    {
        Enter(target);
        lock (gate)
            Queries++;
        return Task.FromResult<IReadOnlyList<Snapshot>>([.. Snapshots.Where(snapshot => snapshotIds.Contains(snapshot.Id) && !Hidden.Contains(snapshot.Id))]);
    }

    public async Task<bool> RemoveAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken)
    {
        Enter(target);
        Removed.Enqueue(snapshotId);
        await OnRemoving(snapshotId, cancellationToken);
        if (OnRemove(snapshotId) is { } reason)
            throw new CaptureRefusedException(reason);
        lock (gate)
            return !Hidden.Contains(snapshotId) && snapshots.RemoveAll(snapshot => snapshot.Id == snapshotId) > 0;
    }

    private void Enter(CaptureTarget target)
    {
        lock (gate)
            Locations.Add(target.Location);
        if (RefusedConnections.Contains(target.Location.Connection))
            throw new CaptureRefusedException($"The role {target.Location.Connection.RoleArn} cannot be assumed.");
    }
}
