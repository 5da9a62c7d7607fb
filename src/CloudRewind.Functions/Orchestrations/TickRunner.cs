using CloudRewind.Domain;
using CloudRewind.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>Runs one tick of a timer that looks at many items, several at once, within a time limit. What it does not reach is due at the next tick.</summary>
/// <param name="name">The timer, for the log.</param>
/// <param name="atOnce">How many items are looked at concurrently.</param>
/// <param name="log">The timer's log.</param>
internal sealed class TickRunner(string name, int atOnce, ILogger log)
{
    // Ends before the host's limit on a function, with time left for a purge.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3.5);

    /// <summary>Runs a tick.</summary>
    /// <returns>Whether storage could be read, and the app was not stopped.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> tick, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await tick(limit.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("{Timer} reached its limit of {Limit}; the remaining items run at the next tick", name, Limit);
        }
        catch (StoreUnavailableException error)
        {
            log.LogError(error, "{Timer} failed: storage is unavailable", name);
            return false;
        }

        return true;
    }

    /// <summary>Looks at each item. One that fails stays due, and does not affect the others.</summary>
    public Task ForEachAsync<T>(IAsyncEnumerable<T> items, Func<T, object> subject, Func<T, CancellationToken, Task> look, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items.WithoutSpans(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                try
                {
                    await look(item, token);
                }
                catch (Exception error) when (!token.IsCancellationRequested)
                {
                    log.LogError(error, "{Timer} could not process {Subject}", name, subject(item));
                }
            });
}
