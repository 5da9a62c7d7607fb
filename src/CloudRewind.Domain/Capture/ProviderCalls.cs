namespace CloudRewind.Domain.Capture;

/// <summary>
/// How long an activity may ask the provider: together with what it asks of storage, it stays below the five minutes
/// (<c>functionTimeout</c> in host.json) after which the host would restart the worker.
/// </summary>
public static class ProviderCalls
{
    /// <summary>For a look at the connection.</summary>
    public static readonly TimeSpan Check = TimeSpan.FromSeconds(45);

    /// <summary>For all pages of a discovery.</summary>
    public static readonly TimeSpan Discovery = TimeSpan.FromSeconds(120);

    /// <summary>For all pages of a list of snapshots.</summary>
    public static readonly TimeSpan List = TimeSpan.FromSeconds(60);

    /// <summary>For a query by snapshot ids.</summary>
    public static readonly TimeSpan Find = TimeSpan.FromSeconds(30);

    /// <summary>For the start of one group, and no longer than half of the settle window.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(60);

    /// <summary>For the removal of one snapshot.</summary>
    public static readonly TimeSpan Removal = TimeSpan.FromSeconds(45);

    /// <summary>How long a round begins new starts or removals: the next round begins the rest.</summary>
    public static readonly TimeSpan Beginning = TimeSpan.FromSeconds(60);

    // What the provider says next time, it cannot say sooner.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Makes a call that may be repeated.</summary>
    /// <exception cref="RetryLaterException">It took too long.</exception>
    public static async Task<T> WithinAsync<T>(
        this TimeProvider time, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException error) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RetryLaterException($"The capture provider did not answer within {limit:c}.", Pause, innerException: error);
        }
    }
}
