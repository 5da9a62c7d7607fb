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

/// <summary>What requests, the watchdog and a deletion ask of the engine. Each call throws <see cref="TimeoutException"/> where the engine does not answer in time.</summary>
public static class DurableClientExtensions
{
    // The engine's queues and tables may not answer: a request that waits for them holds a place that others need.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Starts the orchestration of a deletion, unless it runs.</summary>
    /// <param name="orchestrations">The engine.</param>
    /// <param name="assembly">The assembly.</param>
    /// <param name="generation">Which orchestration drives the deletion.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static Task StartDeletionAsync(this DurableTaskClient orchestrations, AssemblyKey assembly, int generation, Actor by, CancellationToken cancellationToken) =>
        StartAsync(orchestrations, DeletionOrchestrator.Name, new DeletionInput(assembly, by, generation), InstanceId.Of(assembly, generation), cancellationToken);

    /// <summary>Starts the orchestration that drives a protection, unless it runs. One that has ended starts anew, and finds in the protection's row what is left to do.</summary>
    public static Task StartLifecycleAsync(this DurableTaskClient orchestrations, Protection protection, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        var input = new LifecycleInput(protection.Id, by, protection.Generation);
        return StartAsync(orchestrations, LifecycleOrchestrator.Name, input, InstanceId.Of(protection), cancellationToken);
    }

    /// <summary>Tells a protection's orchestration to look at the row, where what it is to do must be on record already; starts it where it is gone.</summary>
    public static async Task WakeOrStartAsync(this DurableTaskClient orchestrations, Protection protection, Actor by, CancellationToken cancellationToken)
    {
        await orchestrations.StartLifecycleAsync(protection, by, cancellationToken);
        await orchestrations.WakeAsync(protection, by, cancellationToken);
    }

    /// <summary>Ends the wait of a protection's orchestration, which then reads from the row what there is to do.</summary>
    public static Task WakeAsync(this DurableTaskClient orchestrations, Protection protection, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(orchestrations);
        ArgumentNullException.ThrowIfNull(by);
        var instanceId = InstanceId.Of(protection);
        return AskAsync(token => orchestrations.RaiseEventAsync(instanceId, LifecycleOrchestrator.WakeEvent, by.CorrelationId, token), cancellationToken); // the SDK throws where there is no payload
    }

    /// <summary>An orchestration with its custom status; null where there is none.</summary>
    public static async Task<OrchestrationMetadata?> FindAsync(this DurableTaskClient orchestrations, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(orchestrations);
        OrchestrationMetadata? found = null;
        await AskAsync(async token => found = await orchestrations.GetInstanceAsync(instanceId, getInputsAndOutputs: true, token), cancellationToken);
        return found;
    }

    /// <summary>Ends an orchestration that was replaced, where the engine can.</summary>
    public static Task TerminateAsync(this DurableTaskClient orchestrations, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(orchestrations);
        return AskAsync(token => orchestrations.TerminateInstanceAsync(instanceId, "It was replaced.", token), cancellationToken);
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

    private static Task StartAsync(DurableTaskClient orchestrations, string name, object input, string instanceId, CancellationToken cancellationToken) => AskAsync(
        async token =>
        {
            try
            {
                await orchestrations.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(InstanceId: instanceId), token);
            }
            catch (OrchestrationAlreadyExistsException)
            {
                // It runs: that is what was wanted.
            }
        },
        cancellationToken);

    private static async Task AskAsync(Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestAnswer);
        try
        {
            await ask(limit.Token).WaitAsync(limit.Token); // whether or not the client heeds the token
        }
        catch (Exception error) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The engine did not answer within {LongestAnswer.TotalSeconds} seconds.", error);
        }
    }
}
