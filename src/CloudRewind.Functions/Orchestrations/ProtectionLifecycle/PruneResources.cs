using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Removes snapshots, and from the inventory what has none left.</summary>
public sealed class PruneResources(ICloudAssemblyStore assemblies, PruneRun removals, ILogger<PruneResources> log)
{
    private const int LongestReason = 300;

    /// <summary>One round.</summary>
    [Function(nameof(PruneResources))]
    public async Task<PruneRoundResult> Run([ActivityTrigger] PruneRoundInput input, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var id = ProtectionId.Parse(input.Run.ProtectionId);
        CloudRewindTelemetry.Tag(id, input.Run.CorrelationId);
        var assembly = await assemblies.FindAsync(id.Assembly, context.CancellationToken);
        var round = await removals.AdvanceAsync(id, assembly, input.Skip, context.CancellationToken);
        if (round.Kept > 0)
        {
            log.LogWarning(
                "Protection {ProtectionId}: {Kept} resources could not be removed (correlation {CorrelationId}): {Reason}",
                id, round.Kept, input.Run.CorrelationId, round.Reason);
        }

        return new PruneRoundResult(
            round.Kept,
            round.Untried,
            round.Reason is { Length: > LongestReason } longer ? $"{longer[..LongestReason]}..." : round.Reason);
    }
}
