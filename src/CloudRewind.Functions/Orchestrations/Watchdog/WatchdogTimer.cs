using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CloudRewind.Domain;
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
    ILogger<WatchdogTimer> log,
    ILogger<Heartbeat> heartbeat)
{
    private const int LooksAtOnce = 8;

    // Ends before the host's limit on a function; what is left is due at the next tick.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(4);

    /// <summary>Looks at every protection that is due, and at every deletion, once a minute.</summary>
    [Function("Watchdog")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        var look = new Look(time.GetUtcNow(), orchestrations);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLook);
        try
        {
            await Parallel.ForEachAsync(
                unfinished.ListDueAsync(look.Now, limit.Token).WithoutSpans(limit.Token),
                new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = limit.Token },
                async (row, token) => await LookAfterAsync(row, look, token));
            await foreach (var deletion in deletions.ListAsync(limit.Token).WithoutSpans(limit.Token))
                await LookAfterAsync(deletion, look, limit.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return; // The app stops; what is left is due at the next look.
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("The watchdog did not come to every protection within {Limit}; it goes on at its next look", LongestLook);
        }
        catch (StoreUnavailableException error)
        {
            log.LogError(error, "The watchdog cannot look: storage does not answer");
            return;
        }

        heartbeat.WatchdogCompleted(look.Looked, look.Restarted, look.Stalled);
    }

    private async Task LookAfterAsync(UnfinishedProtection row, Look look, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref look.Looked);
        try
        {
            var protection = await protections.FindAsync(row.Id, cancellationToken);
            var isLeftOver = protection?.Status.IsFinal() ?? look.Now - row.WrittenAt > WatchPolicy.LeftoverAge;
            if (isLeftOver)
                await unfinished.RemoveAsync(row.Id, cancellationToken);
            else if (protection is null)
                await unfinished.SetDueAsync(row.Id, look.Now + policy.Patience, cancellationToken); // its create request may still be at work
            else if (policy.AskFrom(protection) is not { } from)
                await unfinished.RemoveUnchangedAsync(row, cancellationToken);
            else if (from <= look.Now)
                await AskAsync(protection, look, cancellationToken);
            else
                await unfinished.SetDueAsync(row.Id, from < look.Now + WatchPolicy.LongestUnread ? from : look.Now + WatchPolicy.LongestUnread, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // One that cannot be looked after must not keep the others from being; it stays due.
            log.LogError(error, "The watchdog could not look after protection {ProtectionId}", row.Id);
        }
    }

    private async Task AskAsync(Protection protection, Look look, CancellationToken cancellationToken)
    {
        var instance = await look.Orchestrations.GetInstanceAsync(InstanceId.Of(protection.Id), getInputsAndOutputs: false, cancellationToken);
        if (policy.StalledFrom(protection) <= look.Now)
        {
            Interlocked.Increment(ref look.Stalled);
            telemetry.CountStall(protection.Status);
            log.ProtectionStalled(protection.Id, protection.Status.ToWireName(), protection.UpdatedAt, Found(instance), protection.Sequence);
        }

        if (HasEnded(instance))
        {
            await look.Orchestrations.StartLifecycleAsync(protection.Id, look.By, cancellationToken);
            Interlocked.Increment(ref look.Restarted);
            telemetry.CountRestart(Found(instance));
            log.OrchestrationRestarted(protection.Id, protection.Status.ToWireName(), Found(instance), protection.Sequence, look.By.CorrelationId);
        }
        else if (protection.Status.IsOutcome() || protection.Cancel is not null)
        {
            await look.Orchestrations.WakeAsync(protection.Id, look.By, cancellationToken); // what it was told did not reach it
        }

        await unfinished.SetDueAsync(protection.Id, look.Now + policy.Patience, cancellationToken);
    }

    private async Task LookAfterAsync(UnfinishedDeletion deletion, Look look, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref look.Looked);
        try
        {
            var instance = await look.Orchestrations.GetInstanceAsync(InstanceId.Of(deletion.Assembly), getInputsAndOutputs: false, cancellationToken);
            if (policy.StalledFrom(deletion) <= look.Now)
            {
                Interlocked.Increment(ref look.Stalled);
                log.DeletionStalled(deletion.Assembly, deletion.RequestedAt, Found(instance));
            }

            if (HasEnded(instance))
            {
                await look.Orchestrations.StartDeletionAsync(deletion.Assembly, look.By, cancellationToken);
                Interlocked.Increment(ref look.Restarted);
                telemetry.CountRestart(Found(instance));
                log.DeletionRestarted(deletion.Assembly, Found(instance), look.By.CorrelationId);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogError(error, "The watchdog could not look after the deletion of cloud assembly {Assembly}", deletion.Assembly);
        }
    }

    private static bool HasEnded([NotNullWhen(false)] OrchestrationMetadata? instance) =>
        instance is null or { RuntimeStatus: OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated };

    private static string Found(OrchestrationMetadata? instance) => instance?.RuntimeStatus.ToString() ?? "Missing";

    private sealed class Look(DateTimeOffset now, DurableTaskClient orchestrations)
    {
        public int Looked;
        public int Restarted;
        public int Stalled;

        public DateTimeOffset Now => now;

        public DurableTaskClient Orchestrations => orchestrations;

        public Actor By { get; } = Actor.Watchdog(string.Create(CultureInfo.InvariantCulture, $"watchdog-{now:yyyyMMddHHmmss}"));
    }
}
