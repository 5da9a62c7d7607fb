using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Decides whether a protection may be removed, unless that is decided; then removes snapshots, and from the inventory what has none left.</summary>
public sealed class PruneResources(
    IProtectionStore protections, ICloudAssemblyStore assemblies, PruneRun removals, TimeProvider time, ILogger<PruneResources> log)
{
    /// <summary>One round.</summary>
    /// <exception cref="InvalidOperationException">The protection is gone.</exception>
    [Function(nameof(PruneResources))]
    public async Task<PruneAnswer> Run([ActivityTrigger] LifecycleInput input, FunctionContext context)
    {
        var id = input.ProtectionId;
        CloudRewindTelemetry.Tag(id, input.CorrelationId);
        var retention = Actor.Retention(input.CorrelationId);
        var act = await protections.ActAsync(id, (current, summary) => current.EndRetention(summary, time.GetUtcNow(), retention), context.CancellationToken)
            ?? throw new InvalidOperationException($"protection {id} is gone");
        if (act.Protection.Prune is not { } decision)
            return new PruneAnswer(null, null, act.Protection.Kept);

        var assembly = await assemblies.FindAsync(id.Assembly, context.CancellationToken);
        var round = await removals.AdvanceAsync(id, assembly, input.Kept, context.CancellationToken);
        if (round.Kept > 0)
        {
            log.LogWarning(
                "Protection {ProtectionId}: {Kept} resources could not be removed (correlation {CorrelationId}): {Reason}",
                id, round.Kept, input.CorrelationId, round.Reason);
        }

        return new PruneAnswer(round, decision, null);
    }
}
