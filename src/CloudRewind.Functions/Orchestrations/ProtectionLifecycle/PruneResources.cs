using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>
/// Decides whether a protection may be removed, unless that is decided; then removes snapshots, and from the inventory what has none left. The last round of an attempt
/// records what the attempt came to.
/// </summary>
public sealed class PruneResources(
    IProtectionStore protections,
    ICloudAssemblyStore assemblies,
    PruneRun removals,
    CaptureLimits limits,
    TransitionRecorder recorder,
    IWorkList work,
    ILogger<PruneResources> log)
{
    /// <summary>One round.</summary>
    /// <exception cref="InvalidOperationException">The protection is gone.</exception>
    [Function(nameof(PruneResources))]
    public async Task<PruneAnswer> Run([ActivityTrigger] LifecycleInput input, [DurableClient] DurableTaskClient orchestrations, FunctionContext context)
    {
        var (id, cancellationToken) = (input.ProtectionId, context.CancellationToken);
        CloudRewindTelemetry.Tag(id, input.CorrelationId);
        var retention = Actor.Retention(input.CorrelationId);
        var act = await protections.ActAsync(id, (current, summary) => current.EndRetention(summary, recorder.Now, retention), cancellationToken)
            ?? throw new InvalidOperationException($"protection {id} is gone");
        var protection = act.Protection;
        if (protection.Status.IsFinal())
            return await ElapsedAsync(id, cancellationToken);
        if (protection.Generation != input.Generation)
            return new PruneAnswer(HasElapsed: false, null, null);
        if (protection.Prune is null)
            return new PruneAnswer(HasElapsed: false, null, protection.Kept);

        var assembly = await assemblies.FindAsync(id.Assembly, cancellationToken);
        var before = input.Pruned ?? PruneRound.None;
        var round = await removals.AdvanceAsync(protection, assembly, before.Left, cancellationToken);
        if (round.Kept > 0)
        {
            log.LogWarning(
                "Protection {ProtectionId}: {Kept} not removed (correlation {CorrelationId}): {Reason}",
                id, round.Kept, input.CorrelationId, round.Reason);
        }
        else if (round.Waiting > 0)
        {
            log.LogInformation(
                "Protection {ProtectionId}: {Waiting} resources are to be removed later (correlation {CorrelationId}): {Reason}",
                id, round.Waiting, input.CorrelationId, round.Reason);
        }

        var attempt = before.Then(round);
        if (protection.EndPrune(attempt, limits.TimeLimit, recorder.Now) is { } transition)
            protection = await recorder.RecordAsync(protection, transition, input, orchestrations, inventory: null, cancellationToken);
        return protection.Status.IsFinal() ? await ElapsedAsync(id, cancellationToken) : new PruneAnswer(HasElapsed: false, attempt, null);
    }

    private async Task<PruneAnswer> ElapsedAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        await work.CompleteAsync(WorkKey.Lifecycle(id), claim: null, cancellationToken);
        return new PruneAnswer(HasElapsed: true, null, null);
    }
}
