using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.Watchdog;

/// <summary>
/// Purges ended orchestrations from the task hub. Nothing relies on them: the row of a protection, or the item of a deletion, has the generation, and an
/// orchestration that is started again under a purged id reads that row first.
/// </summary>
public sealed class HistoryPurge(WatchdogOptions options, TimeProvider time, ILogger<HistoryPurge> log)
{
    private const int PurgesAtOnce = 8;
    private const int PageSize = 100;

    // What is left is purged by the next run.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>Purges, for at most a minute, what ended longer ago than <see cref="WatchdogOptions.HistoryRetention"/>.</summary>
    /// <returns>How many orchestrations were purged.</returns>
    public async Task<int> RunAsync(DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(orchestrations);
        var purged = 0;
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var endedBefore = time.GetUtcNow() - options.HistoryRetention;
        try
        {
            await Parallel.ForEachAsync(
                orchestrations.GetAllInstancesAsync(new OrchestrationQuery(CreatedTo: endedBefore, Statuses: Ended, PageSize: PageSize)),
                new ParallelOptions { MaxDegreeOfParallelism = PurgesAtOnce, CancellationToken = either.Token },
                async (instance, token) =>
                {
                    if (!Ended.Contains(instance.RuntimeStatus) || instance.LastUpdatedAt >= endedBefore)
                        return;
                    await orchestrations.PurgeInstanceAsync(instance.InstanceId, options: null, token).WaitAsync(token); // whether or not the client heeds the token
                    Interlocked.Increment(ref purged);
                });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogInformation("The purge of ended orchestrations reached its limit of {Limit}; the rest is purged by the next run", Limit);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(error, "Ended orchestrations could not be purged; the next run tries again");
        }

        if (purged > 0)
            log.LogInformation("Purged {Purged} orchestrations that ended before {EndedBefore}", purged, endedBefore);
        return purged;
    }
}
