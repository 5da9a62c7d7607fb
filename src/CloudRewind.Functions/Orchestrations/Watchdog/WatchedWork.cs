using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Watchdog;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Orchestrations.Watchdog;

/// <summary>What differs between the kinds of work that the watchdog looks after.</summary>
/// <param name="State">What the watchdog decides by; null if there is nothing that the item names.</param>
internal abstract record WatchedWork(WatchedState? State)
{
    /// <summary>The id of its orchestration.</summary>
    public abstract string InstanceId { get; }

    /// <summary>Starts its orchestration.</summary>
    public abstract Task StartAsync(DurableTaskClient orchestrations, Actor by, CancellationToken cancellationToken);

    /// <summary>Wakes its orchestration, where that has an event for it.</summary>
    public virtual Task WakeAsync(DurableTaskClient orchestrations, Actor by, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stores that the orchestration of the next generation drives the work, and postpones its item.</summary>
    /// <param name="item">The item as it was listed.</param>
    /// <param name="postponed">The item as it is from now on, but for its generation.</param>
    /// <param name="step">The latest step of the orchestration that is replaced.</param>
    /// <param name="by">The watchdog.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The work with that generation; null if it was changed concurrently.</returns>
    public abstract Task<WatchedWork?> ReplaceAsync(WorkItem item, WorkItem postponed, OrchestrationStep step, Actor by, CancellationToken cancellationToken);

    /// <summary>Ends the run of the work with what is done.</summary>
    public virtual Task EndRunAsync(DurableTaskClient orchestrations, Actor by, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reports that the orchestration was started.</summary>
    /// <param name="found">What the engine had before.</param>
    /// <param name="correlationId">Ties it to the log.</param>
    public abstract void ReportRestart(string found, string correlationId);

    /// <summary>Reports that the work makes no progress.</summary>
    public abstract void ReportStall(string found);
}
