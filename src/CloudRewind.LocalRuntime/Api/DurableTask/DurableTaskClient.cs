namespace Microsoft.DurableTask.Client;

/// <summary>Starts orchestrations and acts on them.</summary>
public abstract class DurableTaskClient
{
    /// <summary>Makes a client.</summary>
    /// <param name="name">The task hub's name.</param>
    protected DurableTaskClient(string name) => Name = name;

    /// <summary>The task hub's name.</summary>
    public string Name { get; }

    /// <summary>Starts an orchestration; when the task is done, the start is recorded.</summary>
    /// <param name="orchestratorName">The orchestrator.</param>
    /// <param name="input">Its input, as JSON.</param>
    /// <param name="options">The instance id.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>The instance id.</returns>
    /// <exception cref="ArgumentException">There is no such orchestrator, or the instance id cannot be one.</exception>
    /// <exception cref="global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">The instance id is running. One that has ended starts anew.</exception>
    public abstract Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Raises an event; when the task is done, the event is recorded, and it waits until the orchestrator asks for it.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="eventName">The event's name, whatever its case.</param>
    /// <param name="eventPayload">The payload, as JSON.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has ended.</exception>
    public abstract Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default);

    /// <summary>Waits until an orchestration has ended, with no inputs and outputs.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public virtual Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, CancellationToken cancellation) =>
        WaitForInstanceCompletionAsync(instanceId, false, cancellation);

    /// <summary>Waits until an orchestration has ended.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="getInputsAndOutputs">Whether to read input, output and custom status as well.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public abstract Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Ends an orchestration; what its activities still return is dropped.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="output">The output it gets, as JSON.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has ended.</exception>
    public abstract Task TerminateInstanceAsync(string instanceId, object? output, CancellationToken cancellation = default);

    /// <summary>The state of an orchestration, or null when there is none of this id.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="getInputsAndOutputs">Whether to read input, output and custom status as well.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public abstract Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>The orchestrations that match, in no order. Reads the whole hub.</summary>
    /// <param name="filter">Which ones; all where there is none.</param>
    public abstract AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null);

    /// <summary>Removes an orchestration that has ended, and all that is stored of it.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>How many were removed: 0 when there is none of this id.</returns>
    /// <exception cref="InvalidOperationException">The instance is running.</exception>
    public abstract Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation);
}
