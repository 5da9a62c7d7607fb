using System.Collections.Concurrent;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>A provider whose answers a test decides on, and which counts what is asked of it.</summary>
internal sealed class ScriptedProvider : ICaptureProvider
{
    private int atWork;

    public Func<string, Task<CaptureProgress>> OnStart { get; set; } = id => Task.FromResult<CaptureProgress>(new CaptureProgress.Capturing($"snap-{id}"));

    public Func<string, Task<CaptureProgress>> OnPoll { get; set; } = id => Task.FromResult<CaptureProgress>(new CaptureProgress.Captured($"snap-{id}"));

    public Func<string, Task<string?>> OnRemove { get; set; } = _ => Task.FromResult<string?>(null);

    public ConcurrentQueue<string> Started { get; } = [];

    public ConcurrentQueue<string> Removed { get; } = [];

    public int MostAtOnce { get; private set; }

    public Task<string?> CheckAsync(CloudAssembly assembly, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(CloudAssembly assembly, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CaptureProgress> StartAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        Started.Enqueue(target.ResourceId);
        return CountedAsync(() => OnStart(target.ResourceId));
    }

    public Task<CaptureProgress> PollAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken) => CountedAsync(() => OnPoll(target.ResourceId));

    public Task<string?> RemoveAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        Removed.Enqueue(target.ResourceId);
        return CountedAsync(() => OnRemove(target.ResourceId));
    }

    private async Task<T> CountedAsync<T>(Func<Task<T>> call)
    {
        lock (Started)
            MostAtOnce = Math.Max(MostAtOnce, ++atWork);
        try
        {
            return await call();
        }
        finally
        {
            lock (Started)
                atWork--;
        }
    }
}
