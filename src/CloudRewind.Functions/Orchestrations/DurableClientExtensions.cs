using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>What requests, the watchdog and a deletion ask of the engine.</summary>
public static class DurableClientExtensions
{
    /// <summary>Starts the orchestration of a deletion, unless it runs.</summary>
    public static Task StartDeletionAsync(this DurableTaskClient orchestrations, AssemblyKey assembly, Actor by, CancellationToken cancellationToken) =>
        StartAsync(orchestrations, DeletionOrchestrator.Name, new DeletionInput(assembly, by), InstanceId.Of(assembly), cancellationToken);

    /// <summary>Starts a protection's orchestration, unless it runs. One that has ended starts anew, and finds in the protection's row what is left to do.</summary>
    public static Task StartLifecycleAsync(this DurableTaskClient orchestrations, ProtectionId id, Actor by, CancellationToken cancellationToken) =>
        StartAsync(orchestrations, LifecycleOrchestrator.Name, new LifecycleInput(id, by), InstanceId.Of(id), cancellationToken);

    /// <summary>Tells a protection's orchestration to look at the row, where what it is to do must be on record already; starts it where it is gone.</summary>
    public static async Task WakeOrStartAsync(this DurableTaskClient orchestrations, ProtectionId id, Actor by, CancellationToken cancellationToken)
    {
        await orchestrations.StartLifecycleAsync(id, by, cancellationToken);
        await orchestrations.WakeAsync(id, by, cancellationToken);
    }

    /// <summary>Ends the wait of a protection's orchestration, which then reads from the row what there is to do.</summary>
    public static Task WakeAsync(this DurableTaskClient orchestrations, ProtectionId id, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        return orchestrations.RaiseEventAsync(InstanceId.Of(id), LifecycleOrchestrator.WakeEvent, by.CorrelationId, cancellationToken); // the SDK throws where there is no payload
    }

    /// <summary>
    /// For a request, whose work is on record and on the watchdog's list before it asks the engine to go on with it: where the engine does not answer,
    /// the work is late and not lost, and the request succeeds.
    /// </summary>
    /// <param name="started">One of the calls above.</param>
    /// <param name="subject">The protection or assembly, for the log.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="log">Where it is said that the watchdog has to do it.</param>
    /// <param name="cancellationToken">The request's.</param>
    internal static async Task OrLeaveToWatchdogAsync(this Task started, object subject, Actor by, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            await started;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(error, "The orchestration of {Subject} could not be started or told; the watchdog will do it (correlation {CorrelationId})", subject, by.CorrelationId);
        }
    }

    private static async Task StartAsync(DurableTaskClient orchestrations, string name, object input, string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            await orchestrations.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(InstanceId: instanceId), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It runs: that is what was wanted.
        }
    }
}
