using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Moves the captures on by one short round; the inventory keeps how far each is. The last round records the outcome.</summary>
public sealed class CaptureResources(
    IProtectionStore protections,
    ICloudAssemblyStore assemblies,
    CaptureRun captures,
    TransitionRecorder recorder,
    CloudRewindTelemetry telemetry,
    TimeProvider time,
    ILogger<CaptureResources> log)
{
    // A round that lasts looks this often whether its run was asked to end.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>One round.</summary>
    /// <returns>Null once the run is over, or another orchestration drives the protection.</returns>
    /// <exception cref="InvalidOperationException">The protection is gone.</exception>
    [Function(nameof(CaptureResources))]
    public Task<CaptureRound?> Run([ActivityTrigger] LifecycleInput input, [DurableClient] DurableTaskClient orchestrations, FunctionContext context) =>
        AdvanceAsync(input, orchestrations, context.CancellationToken);

    /// <inheritdoc cref="Run"/>
    internal async Task<CaptureRound?> AdvanceAsync(LifecycleInput input, DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        var id = input.ProtectionId;
        CloudRewindTelemetry.Tag(id, input.CorrelationId);
        var protection = await protections.FindAsync(id, cancellationToken) ?? throw new InvalidOperationException($"protection {id} is gone");
        if (protection.Generation != input.Generation)
            return null;
        if (protection.Status != ProtectionStatus.InProgress)
        {
            if (protection.Status.IsOutcome())
                await recorder.ReleaseAsync(id, newestBefore: null, input, orchestrations, cancellationToken);
            return null;
        }

        var assembly = await assemblies.FindAsync(id.Assembly, cancellationToken);
        var round = await AdvanceAsync(protection, assembly, cancellationToken);
        telemetry.ShowProgress(id, round.Progress.Percent);
        log.LogDebug("Protection {ProtectionId}: {Progress} (correlation {CorrelationId})", id, round.Progress, input.CorrelationId);
        if (round.Unrecorded > 0)
        {
            log.LogWarning(
                "Protection {ProtectionId}: snapshots with its id that belong to none of its resources: {Unrecorded}; pruning removes them (correlation {CorrelationId})",
                id, round.Unrecorded, input.CorrelationId);
        }

        if (!round.IsLast)
        {
            if (round.Progress != (protection.Progress ?? new CaptureProgress(protection.Counts, 0)))
                await protections.ReportProgressAsync(protection, round.Progress, cancellationToken);
            return round;
        }

        var counts = round.Progress.Counts;
        var transition = protection.Next(Lifecycle.OutcomeOf(counts), recorder.Now, round.Summary, counts, round.EndedBy ?? input.By);
        await recorder.RecordAsync(protection, transition, input, orchestrations, inventory: null, cancellationToken);
        return null;
    }

    private async Task<CaptureRound> AdvanceAsync(Protection protection, CloudAssembly? assembly, CancellationToken cancellationToken)
    {
        using var cancelled = new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(protection.Id, cancelled, ended.Token);
        try
        {
            return await captures.AdvanceAsync(protection, assembly, cancelled.Token, cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
        }
    }

    private async Task WatchAsync(ProtectionId id, CancellationTokenSource cancelled, CancellationToken ended)
    {
        try
        {
            while (!cancelled.IsCancellationRequested)
            {
                await Task.Delay(LookInterval, time, ended);
                if (await protections.FindAsync(id, ended) is { Cancel: not null })
                    await cancelled.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The round is over.
        }
        catch (StoreUnavailableException error)
        {
            log.LogDebug(error, "Protection {ProtectionId}: nobody knows whether its run was asked to end", id); // the next round will
        }
    }
}
