using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>A durable client that finds every instance in one state, and notes what is asked of it.</summary>
internal sealed class RecordedOrchestrations() : DurableTaskClient("tests")
{
    private readonly Lock gate = new();

    /// <summary>The state that instances are found in; null: there is none.</summary>
    public OrchestrationRuntimeStatus? Found { get; set; }

    /// <summary>The latest step that every instance has shown; null: none.</summary>
    public OrchestrationStep? Step { get; set; }

    /// <summary>When every instance was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Whether the engine takes calls and never answers.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether an event goes wrong.</summary>
    public bool RefusesEvents { get; set; }

    /// <summary>Whether starting goes wrong.</summary>
    public bool Refuses { get; set; }

    public int Asked { get; private set; }

    public List<string> Scheduled { get; } = [];

    public List<(string InstanceId, string Event)> Raised { get; } = [];

    public List<string> Terminated { get; } = [];

    /// <summary>All that the engine has.</summary>
    public List<OrchestrationMetadata> Instances { get; } = [];

    public List<string> Purged { get; } = [];

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default)
    {
        lock (gate)
            Asked++;
        return AnswerAsync(Found is { } status
            ? new OrchestrationMetadata("ProtectionLifecycle", instanceId)
            {
                RuntimeStatus = status,
                CreatedAt = CreatedAt,
                DataConverter = getInputsAndOutputs ? JsonDataConverter.Default : null,
                SerializedCustomStatus = getInputsAndOutputs && Step is not null ? JsonDataConverter.Default.Serialize(new StepStatus(Step)) : null,
            }
            : null);
    }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Refuses)
            throw new IOException("the engine does not answer");
        lock (gate)
            Scheduled.Add(options!.InstanceId!);
        return AnswerAsync(options.InstanceId!);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellationToken = default)
    {
        if (RefusesEvents)
            throw new IOException("the engine does not answer");
        ArgumentNullException.ThrowIfNull(eventPayload); // as the engine's client does
        lock (gate)
            Raised.Add((instanceId, eventName));
        return AnswerAsync(true);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        lock (gate)
            Terminated.Add(instanceId);
        return AnswerAsync(true);
    }

    // As the worst of clients, it does not heed that a call is cancelled.
    private Task<T> AnswerAsync<T>(T answer) => IsSilent ? new TaskCompletionSource<T>().Task : Task.FromResult(answer);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var found = Instances.Where(instance => filter!.Statuses!.Contains(instance.RuntimeStatus) && instance.CreatedAt <= filter.CreatedTo).ToList();
        return Pageable.Create<OrchestrationMetadata>((_, _) => Task.FromResult(new Page<OrchestrationMetadata>(found)));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        await AnswerAsync(true);
        lock (gate)
            Purged.Add(instanceId);
        return new PurgeResult(1);
    }
}
