using System.Globalization;
using CloudRewind.Domain;
using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.Scheduler;

/// <summary>
/// Starts the protections that are due. A tick reads only the policies that are due to be looked at, and may be repeated, cut short, or run twice at once.
/// </summary>
public sealed class SchedulerTimer(
    IDuePolicies due,
    ScheduleRun schedule,
    CopyRelease release,
    CloudRewindTelemetry telemetry,
    TimeProvider time,
    ILogger<SchedulerTimer> log,
    ILogger<Heartbeat> heartbeat)
{
    private const int LooksAtOnce = 16;
    private const int MinutesBetweenCorrections = 15;

    // Ends before the host's limit on a function; what is left is due at the next tick.
    private static readonly TimeSpan LongestTick = TimeSpan.FromMinutes(4);

    /// <summary>Looks at every policy that is due, once a minute.</summary>
    [Function("Scheduler")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var tick = new Tick(orchestrations, Actor.Scheduler(string.Create(CultureInfo.InvariantCulture, $"scheduler-{now:yyyyMMddHHmmss}")));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestTick);
        try
        {
            await LookAsync(due.ListDueAsync(now, log.RowUnreadable, limit.Token), tick, limit.Token);
            // A timer may fire up to a second early.
            if (now.AddSeconds(1).Minute % MinutesBetweenCorrections == 0)
                await LookAsync(due.ListAfterAsync(ProtectionPolicy.LatestLook(now), log.RowUnreadable, limit.Token), tick, limit.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return; // The app stops; what is left is due at the next tick.
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("The scheduler did not come to every policy within {Limit}; it goes on at its next tick", LongestTick);
        }
        catch (StoreUnavailableException error)
        {
            log.LogError(error, "The scheduler cannot look: storage does not answer");
            return;
        }

        heartbeat.ScheduleCompleted(tick.Looked, tick.Started, tick.Missed, tick.Overdue);
    }

    private Task LookAsync(IAsyncEnumerable<DuePolicy> rows, Tick tick, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        rows.WithoutSpans(cancellationToken),
        new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellationToken },
        async (row, token) => await LookAsync(row, tick, token));

    private async Task LookAsync(DuePolicy row, Tick tick, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref tick.Looked);
        try
        {
            if (await schedule.LookAsync(row, tick.By, cancellationToken) is not { } look)
                return;
            await TellAsync(look, tick, cancellationToken);
            await release.AtLookAsync(look.Policy, tick.Orchestrations, tick.By.CorrelationId, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // One that cannot be looked at must not keep the others from being; it stays due.
            log.LogError(error, "The scheduler could not look at protection policy {Policy}", row.Key);
        }
    }

    private async Task TellAsync(ScheduleLook look, Tick tick, CancellationToken cancellationToken)
    {
        var (policy, assemblyName) = (look.Policy, look.Assembly.Definition.Name);
        if (look.Correction is { } correction)
            log.PolicyChanged(policy.Key, correction);
        if (policy.Definition.Status != PolicyStatus.Disabled && !policy.Definition.Schedule.IsTimeZoneKnown)
            log.TimeZoneUnknown(policy.Key, policy.Definition.Schedule.TimeZone);
        foreach (var missed in look.Missed)
        {
            Interlocked.Increment(ref tick.Missed);
            telemetry.CountMissed(missed.Reason);
            log.DueTimeMissed(policy, assemblyName, missed);
        }

        if (policy.Definition.Status == PolicyStatus.Enabled)
            telemetry.ShowNewestGoodAge(policy.Key.Assembly, time.GetUtcNow() - (look.NewestGood?.At ?? policy.ScheduledSince));
        if (look.OverdueSince is { } since)
        {
            Interlocked.Increment(ref tick.Overdue);
            log.CopyOverdue(policy, assemblyName, since, look.NewestGood);
        }

        if (look.Started is { } started)
        {
            Interlocked.Increment(ref tick.Started);
            log.ProtectionAccepted(started.Id, assemblyName, sequence: 0, tick.By.CorrelationId);
            await tick.Orchestrations.StartLifecycleAsync(started, tick.By, cancellationToken).OrLeaveToWatchdogAsync(started.Id, tick.By, log, cancellationToken);
        }
    }

    private sealed class Tick(DurableTaskClient orchestrations, Actor by)
    {
        public int Looked;
        public int Started;
        public int Missed;
        public int Overdue;

        public DurableTaskClient Orchestrations => orchestrations;

        public Actor By => by;
    }
}
