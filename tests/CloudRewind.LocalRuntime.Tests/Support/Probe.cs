using System.Collections.Concurrent;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>Lets a test see what functions did, and hold them up.</summary>
public sealed class Probe
{
    private readonly ConcurrentDictionary<string, int> _counts = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = [];

    public int Count(string what) => _counts.GetValueOrDefault(what);

    public int Hit(string what) => _counts.AddOrUpdate(what, 1, (_, n) => n + 1);

    public Task Gate(string name) => Of(name).Task;

    public void Open(string name) => Of(name).TrySetResult();

    private TaskCompletionSource Of(string name) =>
        _gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
