using System.Threading.RateLimiting;
using CloudRewind.Functions.Http;

namespace CloudRewind.Functions.Auth;

/// <summary>
/// Limits the requests of each caller by a token bucket. A caller is the subject of a token in its account, so that a new token does not reset
/// the limit. The bucket of a caller that sends nothing is removed seconds after it is full again.
/// </summary>
public sealed class CallerRateLimiter : IDisposable
{
    private const int SecondsPerMinute = 60;

    private readonly PartitionedRateLimiter<Caller> limiter;

    /// <summary>Limits callers by the settings.</summary>
    public CallerRateLimiter(RateLimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var limit = options.RequestsPerMinute;
        var added = Math.Max(1, limit / SecondsPerMinute);
        limiter = PartitionedRateLimiter.Create<Caller, (long AccountId, string Subject)>(caller => limit == 0
            ? RateLimitPartition.GetNoLimiter((0L, ""))
            : RateLimitPartition.GetTokenBucketLimiter((caller.AccountId, caller.Subject), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limit,
                TokensPerPeriod = added,
                ReplenishmentPeriod = TimeSpan.FromMinutes((double)added / limit),
            }));
    }

    /// <summary>Counts a request of a caller.</summary>
    /// <exception cref="ApiException">429: the caller has sent too many.</exception>
    public void Require(Caller caller)
    {
        using var lease = limiter.AttemptAcquire(caller);
        if (!lease.IsAcquired)
            throw ApiErrors.TooManyRequests.Exception(lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : null);
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();
}
