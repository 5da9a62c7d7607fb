using System.Collections.Concurrent;

namespace CloudRewind.Conformance.Evidence;

/// <summary>Holds activities up until a test, over HTTP, lets them go on.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = [];

    /// <summary>Done once the gate is open.</summary>
    public Task Passed(string gate) => Of(gate).Task;

    /// <summary>Opens the gate, for good.</summary>
    public void Open(string gate) => Of(gate).TrySetResult();

    private TaskCompletionSource Of(string gate) =>
        _gates.GetOrAdd(gate, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
