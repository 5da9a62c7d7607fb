using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CloudRewind.Storage.Tables;

/// <summary>
/// Repeats a call to storage, and bounds how long it takes with all of its attempts: a client that waits is better told "not now"
/// within seconds. Work in the background has the same deadlines, and is repeated as a whole.
/// </summary>
internal sealed class CallDeadline(TimeProvider time, TimeSpan firstPause)
    : RetryPolicy(MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(firstPause, LongestPause))
{
    /// <summary>How often a call is repeated at most.</summary>
    public const int MaxRetries = 3;

    /// <summary>How long an attempt of a lookup may take.</summary>
    public static readonly TimeSpan LookupAttempt = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a lookup may take: a read of one row that a client waits for, of which a status lookup has two at the most.
    /// </summary>
    public static readonly TimeSpan Lookup = TimeSpan.FromSeconds(4.5);

    /// <summary>
    /// How long an attempt of any other call may take; Table Storage itself looks for the rows of a page for up to five seconds.
    /// </summary>
    public static readonly TimeSpan CallAttempt = TimeSpan.FromSeconds(8);

    /// <summary>How long any other call may take: one page of a query, or one write.</summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(10);

    /// <summary>How long an attempt may take to get the token that a call needs; it is kept for hours, and asked for again once.</summary>
    public static readonly TimeSpan TokenAttempt = TimeSpan.FromSeconds(2);

    private const string RetryAfterHeader = "Retry-After";
    private const string LookupProperty = "CloudRewind.Lookup";

    // An attempt that has no time to be answered would only be one more request.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>The policy of the app.</summary>
    public CallDeadline()
        : this(TimeProvider.System, TimeSpan.FromMilliseconds(200))
    {
    }

    /// <summary>Until it is disposed, what is asked of storage is a lookup.</summary>
    public static IDisposable BeginLookup() =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [LookupProperty] = true });

    /// <inheritdoc/>
    protected override ValueTask OnSendingRequestAsync(HttpMessage message)
    {
        if (!message.TryGetProperty(typeof(CallDeadline), out _))
            message.SetProperty(typeof(CallDeadline), time.GetTimestamp());
        var (attempt, left) = (IsLookup(message) ? LookupAttempt : CallAttempt, LeftOf(message));
        message.NetworkTimeout = attempt < left ? attempt : left;
        return base.OnSendingRequestAsync(message);
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        LeftOf(message) > PauseAskedFor(message, exception) && await base.ShouldRetryAsync(message, exception);

    private static bool IsLookup(HttpMessage message) => message.TryGetProperty(LookupProperty, out _);

    private static TimeSpan PauseAskedFor(HttpMessage message, Exception? exception) =>
        exception is null
        && message.Response.Headers.TryGetValue(RetryAfterHeader, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && TimeSpan.FromSeconds(seconds) > LongestPause
            ? TimeSpan.FromSeconds(seconds)
            : LongestPause;

    private TimeSpan LeftOf(HttpMessage message) =>
        message.TryGetProperty(typeof(CallDeadline), out var began)
            ? (IsLookup(message) ? Lookup : Call) - time.GetElapsedTime((long)began!)
            : TimeSpan.Zero;
}
