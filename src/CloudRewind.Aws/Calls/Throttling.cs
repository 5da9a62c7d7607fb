using Amazon.Runtime;

namespace CloudRewind.Aws.Calls;

/// <summary>Pauses that keep callers which were told together to come back from coming back together.</summary>
internal static class Throttling
{
    private const int MaxAttempts = 6;
    private const int MaxAttemptsAfterFailures = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// Repeats a call that may be made twice, after growing random pauses: while AWS says that there are too many, and less often after a failure
    /// of the server or the network.
    /// </summary>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> call, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && attempt < LimitFor(error))
            {
                await PauseAsync(attempt, time, cancellationToken);
            }
        }
    }

    private static int LimitFor(Exception error) =>
        error is AmazonServiceException aws && AwsErrors.IsThrottling(aws) ? MaxAttempts : AwsErrors.MayPass(error) ? MaxAttemptsAfterFailures : 0;

    /// <summary>Waits before the next attempt: at random up to a time that doubles.</summary>
    public static Task PauseAsync(int attempt, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Delay(FirstPause * Math.Pow(2, attempt - 1) * Random.Shared.NextDouble(), time, cancellationToken);

    /// <summary>At least so long, and up to twice as long.</summary>
    public static TimeSpan Jittered(TimeSpan least) => least * (1 + Random.Shared.NextDouble());
}
