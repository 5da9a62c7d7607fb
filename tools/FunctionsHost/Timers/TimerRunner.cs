using System.Globalization;
using System.Text.Json;
using Azure.Storage.Blobs;
using CloudRewind.FunctionsHost.Functions;
using Microsoft.Azure.WebJobs;

namespace CloudRewind.FunctionsHost.Timers;

/// <summary>
/// Runs one timer function, as the Azure Functions host does: one run at a time, on one host at a time; what was missed
/// while no host was up is made good with one run; times that pass while it runs are left out.
/// </summary>
internal sealed class TimerRunner(
    WorkerFunction function, TimerSchedule schedule, HostSettings settings, IJobHost jobs, ILogger<TimerRunner> log)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1); // the clock may be turned back in the middle of it

    // The folder is the app's: hosts of two apps may share a storage.
    private readonly BlobClient blob = new(
        settings.Storage,
        "azure-webjobs-hosts",
        $"timers/{Path.GetFileName(settings.RootFolder).ToLowerInvariant()}/{function.Name}/status");

    /// <summary>Runs it until the host stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var lease = await TimerLease.AcquireAsync(blob, cancellationToken);
                using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
                await RunWhileHeldAsync(lease, held.Token);
            }
            catch (Exception error) when (error is OperationCanceledException || cancellationToken.IsCancellationRequested)
            {
                // The host stops, which a run that it cancels may report as a failure; or another host has the timer now.
            }
            catch (Exception error) // any error, since nothing else would restart a timer that has ended
            {
                log.LogWarning(
                    "The timer {Function} cannot be kept: {Message} It is tried again.", function.Name, error.GetBaseException().Message);
                await Task.Delay(RetryInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunWhileHeldAsync(TimerLease lease, CancellationToken cancellationToken)
    {
        var state = await lease.ReadAsync(cancellationToken);
        var now = DateTime.UtcNow;
        if (state is null)
            await lease.WriteAsync(state = new TimerState(now, schedule.NextAfter(now), now), cancellationToken);
        // A schedule that has changed since is the one that counts.
        var due = new[] { state.Next, schedule.NextAfter(state.Last) }.Min();
        var isPastDue = due < now;
        if (schedule.RunOnStartup)
            due = now;

        while (true)
        {
            due = await WaitUntilAsync(due, cancellationToken);
            await InvokeAsync(state, isPastDue, cancellationToken);
            isPastDue = false;
            now = DateTime.UtcNow;
            // A run that ends in the moment it was due must not be due again.
            due = schedule.NextAfter(now > due ? now : due);
            state = new TimerState(now, due, now);
            await lease.WriteAsync(state, cancellationToken);
        }
    }

    // The state, or the wait, may be of a clock that was ahead, as that of a machine that was resumed: nothing would
    // run until it is as late again.
    private async Task<DateTime> WaitUntilAsync(DateTime due, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = DateTime.UtcNow;
            if (schedule.IsBeyond(due, now))
            {
                var next = schedule.NextAfter(now);
                log.LogWarning(
                    "The clock was turned back: the timer {Function} was due at {Was:O}, and is due at {Next:O}.",
                    function.Name,
                    due,
                    next);
                due = next;
            }

            if (due <= now)
                return due;
            var left = due - now;
            await Task.Delay(left < LongestDelay ? left + TimeSpan.FromMilliseconds(1) : LongestDelay, cancellationToken);
        }
    }

    private async Task InvokeAsync(TimerState state, bool isPastDue, CancellationToken cancellationToken)
    {
        var timer = JsonSerializer.Serialize(new { Schedule = new { AdjustForDST = true }, ScheduleStatus = state, IsPastDue = isPastDue });
        try
        {
            await jobs.CallAsync(
                function.Name, new Dictionary<string, object> { [WorkerFunction.NameOf(function.Trigger)] = timer }, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogError(
                "{Function} failed at {Time}: {Message}",
                function.Name,
                DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
                error.GetBaseException().Message);
        }
    }
}
