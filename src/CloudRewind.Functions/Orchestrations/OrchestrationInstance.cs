using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>The orchestrations, seen from outside.</summary>
public static class OrchestrationInstance
{
    private const int LongestId = 100;

    /// <summary>
    /// The instance id: the protection's own, so that starting it twice is one run; encoded where that holds what Durable Functions refuses
    /// (<c>/ \ # ?</c>, control characters, a leading <c>@</c>, more than 100 characters).
    /// </summary>
    public static string IdOf(ProtectionId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Allowed(id.ToString());
    }

    /// <summary>The instance id of an assembly's deletion.</summary>
    public static string IdOf(AssemblyKey assembly) => Allowed($"delete:{assembly}");

    /// <summary>Starts the orchestration of a deletion, unless it runs.</summary>
    public static Task StartDeletionAsync(this DurableTaskClient orchestrations, AssemblyKey assembly, string correlationId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StartAsync(
            orchestrations,
            DeletionOrchestrator.Name,
            new DeletionRun(assembly.AccountId, assembly.ProjectId, assembly.CloudAssemblyId, correlationId),
            IdOf(assembly),
            cancellation);
    }

    /// <summary>Starts the orchestration, unless it runs. One that has ended starts anew, and finds in the protection's row what is left to do.</summary>
    public static Task StartLifecycleAsync(this DurableTaskClient orchestrations, ProtectionId id, string correlationId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StartAsync(orchestrations, LifecycleOrchestrator.Name, new LifecycleRun(id.ToString(), correlationId), IdOf(id), cancellation);
    }

    /// <summary>Tells the orchestration that its protection is to be pruned, which must be on record already; starts it where it is gone.</summary>
    public static async Task PruneNowAsync(this DurableTaskClient orchestrations, ProtectionId id, string correlationId, CancellationToken cancellation)
    {
        await orchestrations.StartLifecycleAsync(id, correlationId, cancellation);
        await orchestrations.WakeAsync(id, correlationId, cancellation);
    }

    /// <summary>Ends the wait of a protection's orchestration, which then reads from the row what there is to do.</summary>
    public static Task WakeAsync(this DurableTaskClient orchestrations, ProtectionId id, string correlationId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(orchestrations);
        return orchestrations.RaiseEventAsync(IdOf(id), LifecycleOrchestrator.PruneEvent, correlationId, cancellation); // the SDK throws where there is no payload
    }

    private static async Task StartAsync(DurableTaskClient orchestrations, string name, object input, string instanceId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(orchestrations);
        try
        {
            await orchestrations.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(InstanceId: instanceId), cancellation);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It runs: that is what was wanted.
        }
    }

    private static string Allowed(string text) =>
        text.Length <= LongestId && text.All(IsAllowed) ? text : $"h:{Digest.Sha256Hex(text)}";

    private static bool IsAllowed(char character) => !char.IsControl(character) && character is not ('/' or '\\' or '#' or '?');
}
