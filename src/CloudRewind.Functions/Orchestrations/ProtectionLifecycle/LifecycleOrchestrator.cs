using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>
/// Moves one protection through its lifecycle. Each start, whether by the create request, by itself between two phases, or by the watchdog,
/// reads the protection's row and goes on from there, so that it may be started anew at any time. Between phases the history begins anew:
/// an orchestration that waits for a year holds a handful of events, and none of its tasks or timers is open, which would keep it from beginning anew.
/// </summary>
public static class LifecycleOrchestrator
{
    /// <summary>The name of the orchestration.</summary>
    public const string Name = "ProtectionLifecycle";

    /// <summary>The event that ends a wait early. It only wakes: what it is about is in the protection's row, which is written first and read after it.</summary>
    public const string PruneEvent = "Prune";

    private const int RoundsPerHistory = 50;
    private const int MostDiscoveries = 5;
    private const double PollGrowth = 1.5;
    private static readonly TimeSpan FirstDiscoveryPause = TimeSpan.FromSeconds(2);

    // The engine cuts timers to whole seconds: one of less than a second fires at once, and any other up to a second early.
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(6);

    /// <summary>One phase of the lifecycle.</summary>
    [Function(Name)]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = context.GetInput<LifecycleRun>()!;
        if (await DrivenProtection.LoadAsync(context, run) is not { } protection)
            return; // its create request died before it was on record

        if (protection.Status == Created)
            await MoveIfConnectedAsync(protection, Preparing, "The resources are being gathered.");
        if (protection.Status == Preparing)
            await PrepareAsync(context, protection);
        if (protection.Status == PreparationCompleted)
            await MoveIfConnectedAsync(protection, InProgress, "The captures are being started.");
        if (protection.Status == InProgress)
            await CaptureAsync(context, run, protection);
        else if (protection.Status.IsFinal())
            await protection.CallAsync<bool>(nameof(FinishWatching), Retries.OfStorage);
        else if (IsPruneDue(context, protection))
            await PruneAsync(context, run, protection);
        else
            await WaitForPruneAsync(context, run, protection);
    }

    private static async Task MoveIfConnectedAsync(DrivenProtection protection, ProtectionStatus to, string reason)
    {
        var fault = await protection.CallAsync<string?>(nameof(FindConnectionFault), Retries.OfStorage);
        await (fault is null ? protection.MoveAsync(to, reason) : protection.MoveAsync(Failed, fault));
    }

    private static async Task PrepareAsync(TaskOrchestrationContext context, DrivenProtection protection)
    {
        var discovery = await DiscoverAsync(context, protection);
        if (discovery.Fault is not null)
            await protection.MoveAsync(Failed, $"The resources could not be discovered: {discovery.Fault}");
        else if (discovery.Found == 0)
            await protection.MoveAsync(Skipped, "There is nothing to protect.");
        else
            await protection.MoveAsync(PreparationCompleted, $"Resources to protect: {discovery.Found}.", new ResourceCounts(discovery.Found, 0, 0));
    }

    // A person waits for it: half a minute, and no longer.
    private static async Task<DiscoveryResult> DiscoverAsync(TaskOrchestrationContext context, DrivenProtection protection)
    {
        var pause = FirstDiscoveryPause;
        for (var attempt = 1; ; attempt++)
        {
            var result = await protection.CallAsync<DiscoveryResult>(nameof(DiscoverResources), Retries.OfStorage);
            if (result.Fault is null || attempt == MostDiscoveries)
                return result;
            await context.CreateTimer(pause, CancellationToken.None);
            pause *= 2;
        }
    }

    private static async Task CaptureAsync(TaskOrchestrationContext context, LifecycleRun run, DrivenProtection protection)
    {
        var wait = run.PollInterval ?? protection.Pace.PollInterval;
        for (var round = 1; round <= RoundsPerHistory; round++)
        {
            var result = await protection.CallAsync<CaptureRoundResult>(nameof(CaptureResources), Retries.OfStorage);
            if (result.Counts.Unfinished == 0)
            {
                await protection.MoveAsync(Lifecycle.OutcomeOf(result.Counts), Describe(result), result.Counts);
                break;
            }

            wait = result.Moved ? protection.Pace.PollInterval : Shorter(wait * PollGrowth, PaceSettings.LongestPollInterval);
            await context.CreateTimer(Longer(Shorter(wait, result.TimeLeft), ShortestTimer), CancellationToken.None);
        }

        context.ContinueAsNew(run with { PollInterval = wait });
    }

    // Whatever ends the wait, and whether or not it came in time, the next start reads the row and looks at the clock: a timer can fire early, and an event can be lost.
    private static async Task WaitForPruneAsync(TaskOrchestrationContext context, LifecycleRun run, DrivenProtection protection)
    {
        var left = protection.ExpiresAt.UtcDateTime - context.CurrentUtcDateTime;
        await WaitUntilWokenAsync(context, Shorter(left + ShortestTimer, LongestWait));
        context.ContinueAsNew(run with { PollInterval = null });
    }

    private static async Task PruneAsync(TaskOrchestrationContext context, LifecycleRun run, DrivenProtection protection)
    {
        string? reason = null;
        var kept = 0;
        for (var left = true; left;)
        {
            var round = await context.CallActivityAsync<PruneRoundResult>(nameof(PruneResources), new PruneRoundInput(run, Skip: kept), Retries.OfStorage);
            kept += round.Kept;
            reason ??= round.Reason;
            left = round.Untried > 0;
        }

        if (kept == 0)
        {
            await protection.MoveAsync(Elapsed, protection.PruneRequested ? "It was to be pruned; nothing of it is left." : "Retention has ended; nothing of it is left.");
            await protection.CallAsync<bool>(nameof(FinishWatching), Retries.OfStorage);
            return;
        }

        if (protection.Status != PruningFailed)
            await protection.MoveAsync(PruningFailed, $"Resources that could not be removed: {kept}. {reason}");
        await WaitUntilWokenAsync(context, Longer(Backoff(protection.Pace.PruneRetryInterval, run.PruneAttempts), ShortestTimer));
        context.ContinueAsNew(run with { PruneAttempts = run.PruneAttempts + 1 });
    }

    // What is pruned in part is pruned, whatever the clock says.
    private static bool IsPruneDue(TaskOrchestrationContext context, DrivenProtection protection) =>
        protection.Status == PruningFailed || protection.PruneRequested || protection.ExpiresAt.UtcDateTime <= context.CurrentUtcDateTime;

    private static async Task WaitUntilWokenAsync(TaskOrchestrationContext context, TimeSpan atMost)
    {
        try
        {
            await context.WaitForExternalEvent<object>(PruneEvent, atMost);
        }
        catch (TaskCanceledException)
        {
            // Nothing woke it.
        }
    }

    private static TimeSpan Backoff(TimeSpan first, int attempts)
    {
        var wait = first;
        for (var attempt = 0; attempt < attempts && wait < PaceSettings.LongestPruneRetryInterval; attempt++)
            wait *= 2;
        return Shorter(wait, PaceSettings.LongestPruneRetryInterval);
    }

    private static string Describe(CaptureRoundResult result) =>
        $"Resources captured: {result.Counts.Captured} of {result.Counts.Total}.{(result.FirstFailure is null ? "" : $" {result.FirstFailure}")}";

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
