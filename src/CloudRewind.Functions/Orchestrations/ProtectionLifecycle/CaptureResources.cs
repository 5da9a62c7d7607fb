using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Moves the captures on by one short round; the inventory keeps how far each is.</summary>
public sealed class CaptureResources(
    IProtectionStore protections, ICloudAssemblyStore assemblies, CaptureRun captures, ILogger<CaptureResources> log)
{
    private const int LongestReason = 300;

    /// <summary>One round.</summary>
    [Function(nameof(CaptureResources))]
    public async Task<CaptureRoundResult> Run([ActivityTrigger] LifecycleRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        var id = ProtectionId.Parse(run.ProtectionId);
        CloudRewindTelemetry.Tag(id, run.CorrelationId);
        var protection = await protections.FindAsync(id, context.CancellationToken)
            ?? throw new InvalidOperationException($"protection {id} is gone");
        if (protection.Status != ProtectionStatus.InProgress)
            throw new InvalidOperationException($"protection {id} is {protection.Status.ToWireName()}: its captures are over");

        var assembly = await assemblies.FindAsync(id.Assembly, context.CancellationToken);
        var round = await captures.AdvanceAsync(protection, assembly, context.CancellationToken);
        log.LogDebug("Protection {ProtectionId}: {Counts} (correlation {CorrelationId})", id, round.Counts, run.CorrelationId);
        return new CaptureRoundResult(
            round.Counts,
            round.Moved,
            round.TimeLeft,
            round.FirstFailure is { Length: > LongestReason } longer ? $"{longer[..LongestReason]}..." : round.FirstFailure);
    }
}
