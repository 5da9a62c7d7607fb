using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>
/// Moves one protection through its lifecycle. Each start, whether by the create request, by itself between two phases, or by the watchdog,
/// reads the protection's row and goes on from there, so that it may be started anew at any time. Between phases the history begins anew:
/// an orchestration that waits for a year holds a handful of events, and none of its tasks or timers is open, which would keep it from beginning anew.
/// </summary>
public sealed class LifecycleOrchestrator
{
    /// <summary>The name of the orchestration.</summary>
    public const string Name = "ProtectionLifecycle";

    /// <summary>The event that ends a wait early. It only wakes: what it is about is in the protection's row, which is written first and read after it.</summary>
    public const string WakeEvent = "Wake";

    private const int RoundsPerHistory = 50;
    private const int MaxProviderAttempts = 5;
    private const double PollGrowth = 1.5;
    private static readonly TimeSpan FirstProviderPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestProviderWait = TimeSpan.FromMinutes(10);

    // The engine cuts timers to whole seconds: one of less than a second fires at once, and any other up to a second early.
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(6);

    private readonly TaskOrchestrationContext context;
    private readonly LifecycleInput input;
    private readonly PollingOptions polling;
    private Protection protection;

    private LifecycleOrchestrator(TaskOrchestrationContext context, LifecycleInput input, LoadedProtection loaded)
    {
        this.context = context;
        this.input = input;
        (protection, polling) = loaded;
        ShowStatus(protection.Progress);
    }

    /// <summary>One phase of the lifecycle.</summary>
    [Function(Name)]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<LifecycleInput>()!;
        if (await context.CallWithRetriesAsync<LoadedProtection?>(nameof(LoadProtection), input) is { } loaded)
            await new LifecycleOrchestrator(context, input, loaded).RunAsync();
    }

    private async Task RunAsync()
    {
        if (protection is { Cancel: { } cancelled, Status: Created or Preparing or PreparationCompleted })
            await MoveAsync(Failed, cancelled.Reason, by: cancelled.By);
        if (protection.Status == Created)
            await MoveIfConnectedAsync(Preparing, "The resources are being gathered.");
        if (protection.Status == Preparing)
            await PrepareAsync();
        if (protection.Status == PreparationCompleted)
            await MoveIfConnectedAsync(InProgress, "The captures are being started.");
        if (protection.Status == InProgress)
            await CaptureAsync();
        else if (protection.Status.IsFinal())
            await StopWatchingAsync();
        else if (IsPruneDue())
            await PruneAsync();
        else
            await WaitForPruneAsync();
    }

    private async Task MoveIfConnectedAsync(ProtectionStatus to, string reason)
    {
        var answer = await AskProviderAsync(nameof(CheckConnection));
        await (answer.Failure is null ? MoveAsync(to, reason) : MoveAsync(Failed, answer.Failure, by: answer.By));
    }

    private async Task PrepareAsync()
    {
        var answer = await AskProviderAsync(nameof(DiscoverResources));
        if (answer.Failure is not null)
            await MoveAsync(Failed, answer.Failure, by: answer.By);
        else if (answer.Resources is not { Total: > 0 } resources)
            await MoveAsync(Skipped, $"There is nothing to protect. {answer.NotCovered}".TrimEnd());
        else
            await MoveAsync(PreparationCompleted, $"Resources to protect: {resources.Total}. {answer.NotCovered}".TrimEnd(), resources);
    }

    private async Task CaptureAsync()
    {
        var wait = input.PollInterval ?? polling.PollInterval;
        for (var number = 1; number <= RoundsPerHistory; number++)
        {
            var round = await CallAsync<CaptureRound>(nameof(CaptureResources), input);
            var counts = round.Progress.Counts;
            if (counts.Unfinished == 0)
            {
                await MoveAsync(Lifecycle.OutcomeOf(counts), Describe(round), counts, IsCutShort(round) ? round.Cancel!.By : null);
                break;
            }

            ShowStatus(round.Progress);
            wait = round.Started ? polling.PollInterval : Shorter(wait * PollGrowth, PollingOptions.LongestPollInterval);
            await WaitUntilWokenAsync(Longer(Shorter(Longer(wait, round.RetryAfter), round.TimeLeft), ShortestTimer));
        }

        context.ContinueAsNew(input with { PollInterval = wait });
    }

    // Whatever ends the wait, and whether or not it came in time, the next start reads the row and looks at the clock: a timer can fire early, and an event can be lost.
    private async Task WaitForPruneAsync()
    {
        var left = protection.ExpiresAt is { } end ? end.UtcDateTime - context.CurrentUtcDateTime : LongestWait;
        await WaitUntilWokenAsync(Longer(Shorter(left + ShortestTimer, LongestWait), ShortestTimer));
        context.ContinueAsNew(input with { PollInterval = null });
    }

    private async Task PruneAsync()
    {
        Request? decision = null;
        string? reason = null;
        var kept = 0;
        for (var left = true; left;)
        {
            var answer = await CallAsync<PruneAnswer>(nameof(PruneResources), input with { Kept = kept });
            if (answer is not { Round: { } round, Decision: { } decided })
            {
                await WaitUntilWokenAsync(answer.Kept is null ? ShortestTimer : WatchPolicy.LongestKept);
                context.ContinueAsNew(input with { PollInterval = null });
                return;
            }

            decision = decided;
            kept += round.Kept;
            reason ??= round.Reason;
            left = round.Untried > 0;
        }

        if (kept == 0)
        {
            await MoveAsync(Elapsed, $"{decision!.Reason} Nothing of it is left.", by: decision.By);
            await StopWatchingAsync();
            return;
        }

        if (protection.Status != PruningFailed)
            await MoveAsync(PruningFailed, $"Resources that could not be removed: {kept}. {reason}", by: decision!.By);
        await WaitUntilWokenAsync(Longer(Backoff(polling.PruneRetryInterval, input.PruneAttempts), ShortestTimer));
        context.ContinueAsNew(input with { PruneAttempts = input.PruneAttempts + 1 });
    }

    // What is pruned in part is pruned, whatever the clock says.
    private bool IsPruneDue() =>
        protection.Status == PruningFailed || protection.Prune is not null || protection.ExpiresAt?.UtcDateTime <= context.CurrentUtcDateTime;

    /// <summary>Records the next transition, and goes on with the protection as it stands then; where its run was asked to end, that is how it has ended.</summary>
    /// <exception cref="InvalidOperationException">The store refused it: something else drives the protection, and this orchestration ends.</exception>
    private async Task MoveAsync(ProtectionStatus to, string reason, ResourceCounts? counts = null, Actor? by = null)
    {
        var transition = protection.Next(to, new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero), reason, counts, by ?? input.By);
        var result = await CallAsync<RecordResult>(nameof(RecordTransition), new TransitionInput(transition, input.CorrelationId, protection.CreatedAt));
        if (result == RecordResult.Cancelled && await FindCancelAsync() is { } cancel)
        {
            await MoveAsync(Failed, cancel.Reason, by: cancel.By);
            return;
        }

        if (result is not (RecordResult.Recorded or RecordResult.AlreadyRecorded))
        {
            throw new InvalidOperationException(
                $"Transition {transition.Sequence} of protection {transition.Id} from {transition.From?.ToWireName()} to {to.ToWireName()} was refused: {result}.");
        }

        protection = protection.Record(transition);
        ShowStatus(progress: null);
    }

    private void ShowStatus(CaptureProgress? progress) => context.SetCustomStatus(new LifecycleStatus(protection.Status, progress));

    // A person waits for it: errors end it after half a minute. What is known to pass, such as throttling, is waited for as long as an outage of storage.
    private async Task<ProviderAnswer> AskProviderAsync(string activity)
    {
        try
        {
            var (pause, errors, end) = (FirstProviderPause, 0, context.CurrentUtcDateTime + LongestProviderWait);
            while (true)
            {
                var answer = await CallAsync<ProviderAnswer>(activity, input);
                if (!answer.CanRetry || (answer.RetryAfter is null && ++errors == MaxProviderAttempts) || context.CurrentUtcDateTime >= end)
                    return answer;
                ShowStatus(new CaptureProgress(protection.Counts, 0, answer.Failure));
                await WaitUntilWokenAsync(Longer(pause, answer.RetryAfter ?? TimeSpan.Zero));
                if (await FindCancelAsync() is { } cancel)
                    return new ProviderAnswer(Failure: cancel.Reason, By: cancel.By);
                pause = Shorter(pause * 2, PollingOptions.LongestPollInterval);
            }
        }
        catch (TaskFailedException error)
        {
            return new ProviderAnswer(Failure: ReasonText.Cut($"{activity} failed at every attempt: {error.FailureDetails?.ErrorMessage}"));
        }
    }

    private Task<T> CallAsync<T>(string activity, object argument) => context.CallWithRetriesAsync<T>(activity, argument);

    private Task StopWatchingAsync() => context.CallWithRetriesAsync(nameof(StopWatching), input);

    private async Task<Request?> FindCancelAsync() => (await CallAsync<LoadedProtection?>(nameof(LoadProtection), input))?.Protection.Cancel;

    private async Task WaitUntilWokenAsync(TimeSpan atMost)
    {
        try
        {
            await context.WaitForExternalEvent<object>(WakeEvent, atMost);
        }
        catch (TaskCanceledException)
        {
            // Nothing woke it.
        }
    }

    private static TimeSpan Backoff(TimeSpan first, int attempts)
    {
        var wait = first;
        for (var attempt = 0; attempt < attempts && wait < PollingOptions.LongestPruneRetryInterval; attempt++)
            wait *= 2;
        return Shorter(wait, PollingOptions.LongestPruneRetryInterval);
    }

    private static string Describe(CaptureRound round) =>
        $"{(IsCutShort(round) ? $"{round.Cancel!.Reason} " : "")}Resources captured: {round.Progress.Counts.Captured} of {round.Progress.Counts.Total}.{(round.FirstFailure is null ? "" : $" {round.FirstFailure}")}";

    // One that was asked to end when all was captured has ended by itself.
    private static bool IsCutShort(CaptureRound round) => round.Cancel is not null && round.Progress.Counts.Failed > 0;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
