using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Durable.Replay;

/// <summary>Makes a call again after a pause, by durable timers: attempts and pauses are part of the history.</summary>
internal static class RetryLoop
{
    public static async Task<T> RunAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> call)
    {
        var first = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException) when (attempt < policy.MaxNumberOfAttempts && IsInTime(context.CurrentUtcDateTime - first, policy))
            {
            }

            await context.CreateTimer(PauseAfter(attempt, policy), CancellationToken.None);
        }
    }

    private static bool IsInTime(TimeSpan elapsed, RetryPolicy policy) =>
        policy.RetryTimeout == Timeout.InfiniteTimeSpan || elapsed < policy.RetryTimeout;

    /// <summary>The pause after an attempt, which counts from 1.</summary>
    internal static TimeSpan PauseAfter(int attempt, RetryPolicy policy)
    {
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(3650) : policy.MaxRetryInterval;
        var pause = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return pause < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(pause) : longest;
    }
}
