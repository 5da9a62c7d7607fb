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

    private readonly TickRunner ticks = new("The scheduler", LooksAtOnce, log);

    /// <summary>Looks at every policy that is due, once a minute.</summary>
    [Function("Scheduler")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var tick = new Tick(orchestrations, Actor.Scheduler(string.Create(CultureInfo.InvariantCulture, $"scheduler-{now:yyyyMMddHHmmss}")));
        var isDone = await ticks.RunAsync(
            async token =>
            {
                await LookAsync(due.ListDueAsync(now, log.RowUnreadable, token), tick, token);
                // A timer may fire up to a second early.
                if (now.AddSeconds(1).Minute % MinutesBetweenCorrections == 0)
                    await LookAsync(due.ListAfterAsync(ProtectionPolicy.LatestLook(now), log.RowUnreadable, token), tick, token);
            },
            cancellationToken);
        if (isDone)
            heartbeat.ScheduleCompleted(tick.Looked, tick.Started, tick.Missed, tick.Overdue);
    }

    private Task LookAsync(IAsyncEnumerable<DuePolicy> rows, Tick tick, CancellationToken cancellationToken) =>
        ticks.ForEachAsync(rows, row => $"protection policy {row.Key}", (row, token) => LookAsync(row, tick, token), cancellationToken);

    private async Task LookAsync(DuePolicy row, Tick tick, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref tick.Looked);
        if (await schedule.LookAsync(row, tick.By, cancellationToken) is not { } look)
            return;
        await TellAsync(look, tick, cancellationToken);
        await release.AtLookAsync(look.Policy, tick.Orchestrations, tick.By.CorrelationId, cancellationToken);
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
