using System.Net.Sockets;
using Azure;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>
/// The way to the store. While the store does not answer, the engine's own calls wait and try again for as long as it
/// takes: an orchestration never fails, and nothing is lost, because the store was away.
/// </summary>
internal sealed class StorageAccess(HubTables tables, ILogger<StorageAccess> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallerLimit = TimeSpan.FromSeconds(10);

    // While a store goes down or comes up, some calls fail and some do not: it is back once none has failed for this long.
    private static readonly TimeSpan BackAfter = TimeSpan.FromSeconds(1);

    private int _away;
    private int _comebacks;
    private long _lastFailure;

    /// <summary>Raised when the store answers again.</summary>
    public event Action? Back;

    /// <summary>
    /// How often the store may have begun anew, perhaps with an older state than the one it had: what was read from it, or
    /// written to it, at another count is not to be relied on.
    /// </summary>
    public int Comebacks => Volatile.Read(ref _comebacks);

    /// <summary>Somebody has found that the store holds an older state than it did.</summary>
    public void OnOlderState()
    {
        Interlocked.Increment(ref _comebacks);
        Back?.Invoke();
    }

    /// <summary>Calls the store until it answers; only the token ends it.</summary>
    public Task<T> KeepTryingAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        TryAsync(call, TimeSpan.MaxValue, cancellationToken);

    /// <inheritdoc cref="KeepTryingAsync{T}" />
    public Task KeepTryingAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        TryAsync(Wrapped(call), TimeSpan.MaxValue, cancellationToken);

    /// <summary>Calls the store for somebody who waits: gives up after a while.</summary>
    public Task<T> TryForCallerAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        TryAsync(call, CallerLimit, cancellationToken);

    /// <inheritdoc cref="TryForCallerAsync{T}" />
    public Task TryForCallerAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        TryAsync(Wrapped(call), CallerLimit, cancellationToken);

    private static Func<CancellationToken, Task<bool>> Wrapped(Func<CancellationToken, Task> call) => async token =>
    {
        await call(token);
        return true;
    };

    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var begun = Environment.TickCount64;
        for (var pause = FirstPause; ; pause = Min(pause * 2, LongestPause))
        {
            try
            {
                var result = await call(cancellationToken);
                OnAnswer();
                return result;
            }
            catch (Exception e) when (IsAway(e) && !cancellationToken.IsCancellationRequested)
            {
                Volatile.Write(ref _lastFailure, Environment.TickCount64);
                if (WasRefused(e))
                    Interlocked.Increment(ref _comebacks);
                if (Interlocked.Exchange(ref _away, 1) == 0)
                    logger.LogWarning("The store does not answer ({Reason}); trying again until it does", e.Message.Split('\n')[0].Trim());
                if (Environment.TickCount64 - begun > limit.TotalMilliseconds)
                    throw;
                if (IsWithoutTables(e))
                    await MakeTablesAsync(cancellationToken);
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>A store that was killed before it had saved anything comes back without the tables.</summary>
    private async Task MakeTablesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tables.CreateAsync(cancellationToken);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException || IsAway(e))
        {
            // It has gone away again: the next attempt says so.
        }
    }

    private void OnAnswer()
    {
        if (Volatile.Read(ref _away) == 0 || Environment.TickCount64 - Volatile.Read(ref _lastFailure) < BackAfter.TotalMilliseconds)
            return;
        if (Interlocked.Exchange(ref _away, 0) == 1)
        {
            logger.LogInformation("The store answers again");
            Back?.Invoke();
        }
    }

    /// <summary>Nothing listened: the store's process has ended, and another one may have what it had saved, and no more.</summary>
    private static bool WasRefused(Exception? e) => e switch
    {
        null => false,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => true,
        AggregateException aggregate => aggregate.InnerExceptions.Any(WasRefused),
        _ => WasRefused(e.InnerException),
    };

    private static bool IsWithoutTables(Exception e) => e is RequestFailedException { ErrorCode: "TableNotFound" };

    private static bool IsAway(Exception e) => e switch
    {
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500 || IsWithoutTables(failed),
        IOException or HttpRequestException or TimeoutException or OperationCanceledException => true,
        AggregateException aggregate => aggregate.InnerExceptions.All(IsAway),
        _ => false,
    };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
