using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.Watchdog;

/// <summary>
/// Looks after protections that nothing moves. Orchestration engines lose instances, and a request can die between its write and its
/// scheduling: whatever the reason, an unfinished protection without a living orchestration gets one.
/// </summary>
public sealed class WatchdogTimer(
    IUnfinishedProtections unfinished,
    IUnfinishedDeletions deletions,
    IProtectionStore protections,
    WatchPolicy policy,
    CloudRewindTelemetry telemetry,
    TimeProvider time,
    ILogger<WatchdogTimer> log)
{
    private const int LooksAtOnce = 8;

    // Ends before the host's limit on a function; what is left is due at the next tick.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(4);

    /// <summary>Looks at every protection that is due, and at every deletion, once a minute.</summary>
    [Function("Watchdog")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestLook);
        try
        {
            await Parallel.ForEachAsync(
                unfinished.ListDueAsync(now, limit.Token),
                new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = limit.Token },
                async (row, token) => await LookAfterAsync(row, now, orchestrations, token));
            await foreach (var (assembly, _) in deletions.ListAsync(limit.Token))
                await LookAfterAsync(assembly, now, orchestrations, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("The watchdog did not come to every protection within {Limit}; it goes on at its next look", LongestLook);
        }
        catch (StoreUnavailableException error)
        {
            log.LogError(error, "The watchdog cannot look: storage does not answer");
        }
    }

    private async Task LookAfterAsync(UnfinishedProtection row, DateTimeOffset now, DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        try
        {
            var protection = await protections.FindAsync(row.Id, cancellation);
            var isLeftOver = protection?.Status.IsFinal() ?? now - row.WrittenAt > WatchPolicy.LeftoverAge;
            if (isLeftOver)
                await unfinished.RemoveAsync(row.Id, cancellation);
            else if (protection is null)
                await unfinished.SetDueAsync(row.Id, now + policy.Patience, cancellation); // its create request may still be at work
            else if (policy.AskFrom(protection) is var from && from > now)
                await unfinished.SetDueAsync(row.Id, from < now + WatchPolicy.LongestUnread ? from : now + WatchPolicy.LongestUnread, cancellation);
            else
                await AskAsync(protection, now, orchestrations, cancellation);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // One that cannot be looked after must not keep the others from being; it stays due.
            log.LogError(error, "The watchdog could not look after protection {ProtectionId}", row.Id);
        }
    }

    private async Task LookAfterAsync(AssemblyKey assembly, DateTimeOffset now, DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        try
        {
            var instance = await orchestrations.GetInstanceAsync(OrchestrationInstance.IdOf(assembly), getInputsAndOutputs: false, cancellation);
            if (!HasEnded(instance))
                return;
            await orchestrations.StartDeletionAsync(assembly, CorrelationIdOf(now), cancellation);
            telemetry.CountRestart(Found(instance));
            log.LogWarning("The deletion of cloud assembly {Assembly} had nothing driving it (orchestration: {Found}); started again", assembly, Found(instance));
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(error, "The watchdog could not look after the deletion of cloud assembly {Assembly}", assembly);
        }
    }

    private static bool HasEnded([NotNullWhen(false)] OrchestrationMetadata? instance) =>
        instance is null or { RuntimeStatus: OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated };

    private static string Found(OrchestrationMetadata? instance) => instance?.RuntimeStatus.ToString() ?? "Missing";

    private static string CorrelationIdOf(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"watchdog-{now:yyyyMMddHHmmss}");

    private async Task AskAsync(Protection protection, DateTimeOffset now, DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        var instance = await orchestrations.GetInstanceAsync(OrchestrationInstance.IdOf(protection.Id), getInputsAndOutputs: false, cancellation);
        if (HasEnded(instance))
        {
            var found = Found(instance);
            var correlationId = CorrelationIdOf(now);
            await orchestrations.StartLifecycleAsync(protection.Id, correlationId, cancellation);
            telemetry.CountRestart(found);
            log.LogWarning(
                "Protection {ProtectionId} was {Status} with nothing driving it (orchestration: {Found}); started again (sequence {Sequence}, correlation {CorrelationId})",
                protection.Id, protection.Status.ToWireName(), found, protection.Sequence, correlationId);
        }
        else
        {
            if (protection.PruneRequestedAt is not null && protection.Status.IsOutcome())
                await orchestrations.WakeAsync(protection.Id, CorrelationIdOf(now), cancellation); // the first did not reach it
            if (policy.StalledFrom(protection) <= now)
                Report(protection, instance.RuntimeStatus);
        }

        await unfinished.SetDueAsync(protection.Id, now + policy.Patience, cancellation);
    }

    private void Report(Protection protection, OrchestrationRuntimeStatus runtimeStatus)
    {
        telemetry.CountStall(protection.Status);
        log.LogError(
            "Protection {ProtectionId} stands still: {Status} since {UpdatedAt}, while its orchestration is {RuntimeStatus} (sequence {Sequence})",
            protection.Id, protection.Status.ToWireName(), protection.UpdatedAt, runtimeStatus, protection.Sequence);
    }
}
