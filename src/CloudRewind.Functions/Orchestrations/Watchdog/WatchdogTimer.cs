using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.Watchdog;

/// <summary>
/// Looks after protections and deletions that nothing moves. An engine loses instances, or a message of one that it goes on calling running, and a request can die between
/// its write and its scheduling: whatever the reason, what is unfinished and has no orchestration that makes its steps gets one. A run past its time limit is ended here.
/// </summary>
public sealed class WatchdogTimer(
    IUnfinishedProtections unfinished,
    IUnfinishedDeletions deletions,
    IProtectionStore protections,
    PrepareProtection preparation,
    CaptureResources captures,
    WatchPolicy policy,
    CloudRewindTelemetry telemetry,
    TimeProvider time,
    ILogger<WatchdogTimer> log,
    ILogger<Heartbeat> heartbeat)
{
    private const int LooksAtOnce = 8;

    // Ends before the host's limit on a function; what is left is due at the next tick.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(4);

    // Of the last round of one run, which may ask AWS.
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(2);

    /// <summary>Looks at every protection that is due, and at every deletion, once a minute.</summary>
    [Function("Watchdog")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        var look = new Look(time.GetUtcNow(), orchestrations);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLook);
        try
        {
            // At the same time: however many protections there are, the deletions have their turn.
            await Task.WhenAll(
                EachAsync(unfinished.ListDueAsync(look.Now, log.RowUnreadable, limit.Token), row => row.Id, (row, token) => LookAfterAsync(row, look, token), look, limit.Token),
                EachAsync(deletions.ListAsync(log.RowUnreadable, limit.Token), row => row.Assembly, (row, token) => LookAfterAsync(row, look, token), look, limit.Token));
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

    private Task EachAsync<T>(IAsyncEnumerable<T> rows, Func<T, object> subject, Func<T, CancellationToken, Task> lookAfter, Look look, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            rows.WithoutSpans(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                Interlocked.Increment(ref look.Looked);
                try
                {
                    await lookAfter(row, token);
                }
                catch (Exception error) when (!token.IsCancellationRequested)
                {
                    // One that cannot be looked after must not keep the others from being; it stays due.
                    log.LogError(error, "The watchdog could not look after {Subject}", subject(row));
                }
            });

    private async Task LookAfterAsync(UnfinishedProtection row, Look look, CancellationToken cancellationToken)
    {
        var protection = await protections.FindAsync(row.Id, cancellationToken);
        var isLeftOver = protection?.Status.IsFinal() ?? look.Now - row.WrittenAt > WatchPolicy.LeftoverAge;
        if (isLeftOver)
            await unfinished.RemoveAsync(row.Id, cancellationToken);
        else if (protection is null)
            await SetDueAsync(row.Id, look.Now + policy.Patience, null, look, cancellationToken); // its create request may still be at work
        else if (policy.AskFrom(protection, look.Now) is not { } from)
            await unfinished.RemoveUnchangedAsync(row, cancellationToken);
        else if (from > look.Now)
            await SetDueAsync(row.Id, from, null, look, cancellationToken);
        else if (policy.EndFrom(protection) <= look.Now)
            await EndAsync(protection, look, cancellationToken);
        else
            await AskAsync(row, protection, look, cancellationToken);
    }

    private async Task AskAsync(UnfinishedProtection row, Protection protection, Look look, CancellationToken cancellationToken)
    {
        var instance = await look.Orchestrations.FindAsync(InstanceId.Of(protection), cancellationToken);
        if (policy.StalledFrom(protection) <= look.Now)
        {
            Interlocked.Increment(ref look.Stalled);
            telemetry.CountStall(protection.Status);
            log.ProtectionStalled(protection.Id, protection.Status.ToWireName(), protection.UpdatedAt, Found(instance), protection.Sequence);
        }

        if (HasEnded(instance))
        {
            await StartAsync(protection, instance, look, cancellationToken);
            await SetDueAsync(row.Id, look.Now + policy.Patience, null, look, cancellationToken);
            return;
        }

        var step = StepOf(instance);
        var (finding, nextLook) = IsSuspended(instance) ? (Finding.Alive, look.Now + policy.Patience) : policy.Judge(protection, row, step, look.Now);
        if (finding == Finding.Overdue)
        {
            await look.Orchestrations.WakeAsync(protection, look.By, cancellationToken); // what it was told may not have reached it
        }
        else if (finding == Finding.Lost)
        {
            var act = await protections.ActAsync(
                protection.Id, (current, summary) => current.ReplaceOrchestration(protection.Generation, summary, time.GetUtcNow(), look.By, step.At), cancellationToken);
            await StartAsync(act!.Protection, instance, look, cancellationToken);
            await TerminateAsync(InstanceId.Of(protection), look, cancellationToken);
        }

        await SetDueAsync(row.Id, nextLook, finding is Finding.Overdue or Finding.Lost ? look.Now : null, look, cancellationToken);
    }

    private async Task LookAfterAsync(UnfinishedDeletion deletion, Look look, CancellationToken cancellationToken)
    {
        var instanceId = InstanceId.Of(deletion.Assembly, deletion.Generation);
        var instance = await look.Orchestrations.FindAsync(instanceId, cancellationToken);
        if (policy.StalledFrom(deletion) <= look.Now)
        {
            Interlocked.Increment(ref look.Stalled);
            log.DeletionStalled(deletion.Assembly, deletion.RequestedAt, Found(instance));
        }

        if (HasEnded(instance))
        {
            await StartAsync(deletion, instance, look, cancellationToken);
            return;
        }

        var finding = IsSuspended(instance) ? Finding.Alive : policy.Judge(deletion, StepOf(instance), look.Now).Finding;
        if (finding == Finding.Overdue)
        {
            await deletions.UpdateAsync(deletion with { OverdueAt = look.Now }, cancellationToken);
        }
        else if (finding == Finding.Lost)
        {
            var next = deletion with { Generation = deletion.Generation + 1, OverdueAt = look.Now };
            if (await deletions.UpdateAsync(next, cancellationToken))
                await StartAsync(next, instance, look, cancellationToken);
            await TerminateAsync(instanceId, look, cancellationToken);
        }
    }

    private async Task StartAsync(Protection protection, OrchestrationMetadata? found, Look look, CancellationToken cancellationToken)
    {
        await look.Orchestrations.StartLifecycleAsync(protection, look.By, cancellationToken);
        Interlocked.Increment(ref look.Restarted);
        telemetry.CountRestart(Found(found));
        log.OrchestrationRestarted(
            protection.Id, protection.Status.ToWireName(), Found(found), protection.Generation, protection.Sequence, look.By.CorrelationId);
    }

    private async Task StartAsync(UnfinishedDeletion deletion, OrchestrationMetadata? found, Look look, CancellationToken cancellationToken)
    {
        await look.Orchestrations.StartDeletionAsync(deletion.Assembly, deletion.Generation, look.By, cancellationToken);
        Interlocked.Increment(ref look.Restarted);
        telemetry.CountRestart(Found(found));
        log.DeletionRestarted(deletion.Assembly, Found(found), deletion.Generation, look.By.CorrelationId);
    }

    // It reads its generation in the row at its next step, if it ever makes one, and ends then.
    private async Task TerminateAsync(string instanceId, Look look, CancellationToken cancellationToken)
    {
        try
        {
            await look.Orchestrations.TerminateAsync(instanceId, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogDebug(error, "The replaced orchestration {InstanceId} could not be terminated", instanceId);
        }
    }

    // Needs no engine: where that is dead, the assembly is free for its next protection all the same.
    private async Task EndAsync(Protection protection, Look look, CancellationToken cancellationToken)
    {
        log.LogWarning(
            "Protection {ProtectionId} is {Status} and past its time limit of {Limit}; the watchdog ends its run", protection.Id, protection.Status.ToWireName(), policy.RunTimeLimit);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestRound);
        var input = new LifecycleInput(protection.Id, look.By, protection.Generation, GivenUp: $"It was not begun within the time limit of {policy.RunTimeLimit:c}.");
        if (protection.Status == ProtectionStatus.InProgress)
            await captures.AdvanceAsync(input, look.Orchestrations, limit.Token);
        else
            await preparation.AdvanceAsync(input, look.Orchestrations, limit.Token);
    }

    private Task SetDueAsync(ProtectionId id, DateTimeOffset dueAt, DateTimeOffset? overdueAt, Look look, CancellationToken cancellationToken)
    {
        var latest = look.Now + WatchPolicy.LongestUnread;
        return unfinished.SetDueAsync(id, dueAt < latest ? dueAt : latest, overdueAt, cancellationToken);
    }

    private static bool HasEnded([NotNullWhen(false)] OrchestrationMetadata? instance) =>
        instance is null or { RuntimeStatus: OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated };

    // By an operator, who is told that it stands still.
    private static bool IsSuspended(OrchestrationMetadata instance) => instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended;

    private static OrchestrationStep StepOf(OrchestrationMetadata instance)
    {
        var created = new OrchestrationStep(instance.CreatedAt, instance.CreatedAt);
        try
        {
            return instance.ReadCustomStatusAs<StepStatus>()?.Step ?? created;
        }
        catch (JsonException)
        {
            return created;
        }
    }

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
