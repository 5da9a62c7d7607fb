using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Removes snapshots, and from the inventory what has none left.</summary>
public sealed class PruneResources(ICloudAssemblyStore assemblies, PruneRun removals, ILogger<PruneResources> log)
{
    /// <summary>One round.</summary>
    [Function(nameof(PruneResources))]
    public async Task<PruneRound> Run([ActivityTrigger] LifecycleInput input, FunctionContext context)
    {
        var id = input.ProtectionId;
        CloudRewindTelemetry.Tag(id, input.CorrelationId);
        var assembly = await assemblies.FindAsync(id.Assembly, context.CancellationToken);
        var round = await removals.AdvanceAsync(id, assembly, input.Kept, context.CancellationToken);
        if (round.Kept > 0)
        {
            log.LogWarning(
                "Protection {ProtectionId}: {Kept} resources could not be removed (correlation {CorrelationId}): {Reason}",
                id, round.Kept, input.CorrelationId, round.Reason);
        }

        return round;
    }
}
