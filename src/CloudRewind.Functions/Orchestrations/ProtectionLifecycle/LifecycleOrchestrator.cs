using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Functions.Settings;
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
    private readonly OrchestrationSteps steps;
    private readonly LifecycleInput input;

    private LifecycleOrchestrator(TaskOrchestrationContext context) =>
        (this.context, steps, input) = (context, new OrchestrationSteps(context), context.GetInput<LifecycleInput>()!);

    /// <summary>One phase of the lifecycle.</summary>
    [Function(Name)]
    public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context) => new LifecycleOrchestrator(context).RunAsync();

    private async Task RunAsync()
    {
        if (await PrepareAsync() is not { Protection: var protection, Polling: var polling })
            return;
        steps.Show(protection.Status, protection.Progress);
        if (protection.Status == InProgress)
            await CaptureAsync(protection, polling);
        else if (IsPruneDue(protection))
            await PruneAsync(polling);
        else if (!protection.Status.IsFinal())
            await WaitForPruneAsync(protection);
    }

    // A person waits for it: errors end it after half a minute. What is known to pass, such as throttling, is waited for as long as an outage of storage.
    private async Task<PreparedProtection?> PrepareAsync()
    {
        try
        {
            var (pause, errors, end) = (FirstProviderPause, 0, context.CurrentUtcDateTime + LongestProviderWait);
            while (true)
            {
                var prepared = await PrepareAsync(givenUp: null);
                if (prepared is not { Obstacle: { } obstacle })
                    return prepared;
                if ((prepared.RetryAfter is null && ++errors == MaxProviderAttempts) || context.CurrentUtcDateTime >= end)
                    return await PrepareAsync(obstacle);
                steps.Show(prepared.Protection.Status, new CaptureProgress(prepared.Protection.Counts, 0, obstacle));
                await WaitUntilWokenAsync(Longer(pause, prepared.RetryAfter ?? TimeSpan.Zero));
                pause = Shorter(pause * 2, PollingOptions.LongestPollInterval);
            }
        }
        catch (TaskFailedException error)
        {
            return await PrepareAsync(ReasonText.Cut($"{nameof(PrepareProtection)} failed at every attempt: {error.FailureDetails?.ErrorMessage}"));
        }
    }

    private Task<PreparedProtection?> PrepareAsync(string? givenUp) => CallAsync<PreparedProtection?>(nameof(PrepareProtection), input with { GivenUp = givenUp });

    private async Task CaptureAsync(Protection protection, PollingOptions polling)
    {
        var wait = input.PollInterval ?? polling.PollInterval;
        for (var number = 1; number <= RoundsPerHistory; number++)
        {
            if (await CallAsync<CaptureRound?>(nameof(CaptureResources), input) is not { } round)
                break;
            steps.Show(protection.Status, round.Progress);
            wait = round.Started ? polling.PollInterval : Shorter(wait * PollGrowth, PollingOptions.LongestPollInterval);
            await WaitUntilWokenAsync(Longer(Shorter(Longer(wait, round.RetryAfter), round.TimeLeft), ShortestTimer));
        }

        StartAnew(input with { PollInterval = wait });
    }

    // Whatever ends the wait, and whether or not it came in time, the next start reads the row and looks at the clock: a timer can fire early, and an event can be lost.
    private async Task WaitForPruneAsync(Protection protection)
    {
        var left = protection.ExpiresAt is { } end ? end.UtcDateTime - context.CurrentUtcDateTime : LongestWait;
        await WaitUntilWokenAsync(Longer(Shorter(left + ShortestTimer, LongestWait), ShortestTimer));
        StartAnew(input with { PollInterval = null });
    }

    private async Task PruneAsync(PollingOptions polling)
    {
        var next = input with { Pruned = null };
        PruneRound attempt;
        while (true)
        {
            var answer = await CallAsync<PruneAnswer>(nameof(PruneResources), next);
            if (answer.HasElapsed)
                return;
            if (answer.Attempt is null)
            {
                await WaitUntilWokenAsync(answer.Kept is null ? ShortestTimer : RetentionRules.CheckInterval);
                StartAnew(input with { PollInterval = null });
                return;
            }

            attempt = answer.Attempt;
            next = next with { Pruned = attempt };
            if (attempt.Untried == 0)
                break;
        }

        // What wakes it says that an attempt is worthwhile now, and is no failed one.
        var attempts = attempt.Removed > 0 ? 0 : input.PruneAttempts;
        var woken = await WaitUntilWokenAsync(Longer(Longer(Backoff(polling.PruneRetryInterval, attempts), attempt.RetryAfter), ShortestTimer));
        StartAnew(input with { PruneAttempts = woken ? 0 : attempts + 1, Pruned = null });
    }

    // What is pruned in part is pruned, whatever the clock says.
    private bool IsPruneDue(Protection protection) => !protection.Status.IsFinal()
        && (protection.Status == PruningFailed || protection.Prune is not null
            || RetentionRules.HasEnded(protection.ExpiresAt, new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero)));

    // The next start reads the row, which is written before an event is raised: events that have come, however many, have nothing more to say.
    private void StartAnew(LifecycleInput next) => context.ContinueAsNew(next, preserveUnprocessedEvents: false);

    private Task<T> CallAsync<T>(string activity, LifecycleInput argument) => steps.CallAsync<T>(activity, argument);

    private Task<bool> WaitUntilWokenAsync(TimeSpan atMost) => steps.WaitForAsync(WakeEvent, atMost);

    private static TimeSpan Backoff(TimeSpan first, int attempts)
    {
        var wait = first;
        for (var attempt = 0; attempt < attempts && wait < PollingOptions.LongestPruneRetryInterval; attempt++)
            wait *= 2;
        return Shorter(wait, PollingOptions.LongestPruneRetryInterval);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
