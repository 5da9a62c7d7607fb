using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>A durable client that finds every instance in one state, and notes what is asked of it.</summary>
internal sealed class RecordedOrchestrations() : DurableTaskClient("tests")
{
    private readonly Lock gate = new();

    /// <summary>The state that instances are found in; null: there is none.</summary>
    public OrchestrationRuntimeStatus? Found { get; set; }

    /// <summary>Whether starting goes wrong.</summary>
    public bool Refuses { get; set; }

    public int Asked { get; private set; }

    public List<string> Scheduled { get; } = [];

    public List<(string InstanceId, string Event)> Raised { get; } = [];

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default)
    {
        lock (gate)
            Asked++;
        return Task.FromResult(Found is { } status ? new OrchestrationMetadata("ProtectionLifecycle", instanceId) { RuntimeStatus = status } : null);
    }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Refuses)
            throw new IOException("the engine does not answer");
        lock (gate)
            Scheduled.Add(options!.InstanceId!);
        return Task.FromResult(options.InstanceId!);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventPayload); // as the engine's client does
        lock (gate)
            Raised.Add((instanceId, eventName));
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();
}
