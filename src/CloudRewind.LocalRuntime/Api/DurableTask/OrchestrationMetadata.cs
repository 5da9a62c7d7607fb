namespace Microsoft.DurableTask.Client;

/// <summary>The state of an orchestration.</summary>
/// <param name="name">The orchestrator.</param>
/// <param name="instanceId">The instance id.</param>
public sealed class OrchestrationMetadata(string name, string instanceId)
{
    /// <summary>The orchestrator.</summary>
    public string Name { get; } = name;

    /// <summary>The instance id.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>Where the orchestration stands.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was started, in UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its last step was recorded, in UTC.</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>Its input as JSON, when it was asked for.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>Its output as JSON, or its failure's text, when it was asked for.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>Its custom status as JSON, when it was asked for.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>Why it failed, when it did and it was asked for.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Whether it is at work or waits.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool IsCompleted =>
        RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
