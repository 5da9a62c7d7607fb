using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>A provider that is asked about connections and resources, and answers as it was told.</summary>
internal sealed class ScriptedProvider : ICaptureProvider
{
    /// <summary>What each look at the connection comes to; no error at last.</summary>
    public Queue<Exception?> ConnectionChecks { get; } = [];

    /// <summary>What each attempt to discover comes to; the last one again and again.</summary>
    public Queue<Func<Discovery>> Discoveries { get; } = new([Found(2)]);

    /// <summary>Happens while it is asked.</summary>
    public Action Asking { get; set; } = () => { };

    /// <summary>Whether it never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>What was asked.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The locations at which it was asked, each once.</summary>
    public HashSet<SnapshotLocation> Locations { get; } = [];

    public string Name { get; init; } = "Scripted";

    public TimeSpan SettleWindow => TimeSpan.FromMinutes(5);

    /// <summary>A discovery of so many resources.</summary>
    public static Func<Discovery> Found(int resources, params LeftOut[] leftOut) =>
        () => new Discovery([.. Enumerable.Range(1, resources).Select(number => new DiscoveredResource($"r{number}", "test", $"r{number}"))], leftOut);

    /// <summary>A discovery that goes wrong.</summary>
    public static Func<Discovery> Wrong(Exception error) => () => throw error;

    public string? FaultOf(string resourceId) => null;

    public Task CheckAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        Asked.Add("check");
        Locations.Add(target.Location);
        Asking();
        return ConnectionChecks.TryDequeue(out var error) && error is not null ? Task.FromException(error) : Task.CompletedTask;
    }

    public async Task<Discovery> DiscoverAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken)
    {
        Asked.Add("discover");
        Locations.Add(target.Location);
        Asking();
        if (Hangs)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return (Discoveries.Count > 1 ? Discoveries.Dequeue() : Discoveries.Peek())();
    }

    public Task<IReadOnlyList<MissingPermission>> FindMissingPermissionsAsync(
        CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Snapshot>> StartAsync(CaptureTarget target, IReadOnlyList<ProtectedResource> group, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Snapshot>>([]);

    public Task<IReadOnlyList<Snapshot>> FindAsync(CaptureTarget target, IReadOnlyCollection<string> snapshotIds, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
