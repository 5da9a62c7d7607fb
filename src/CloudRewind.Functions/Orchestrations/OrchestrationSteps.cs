using Azure;
using Microsoft.DurableTask;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>
/// How often activities are tried. An exception in an activity means "try again"; what is expected to go wrong is part of its result.
/// The SDK's own retry policy is not used: one that looks at a failure throws where the failure has no details.
/// </summary>
internal static class ActivityRetries
{
    private const int MaxAttempts = 15;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Calls an activity, again and again for about ten minutes where an outage keeps it from working; then the watchdog starts over. What storage refuses for good
    /// is not tried again.
    /// </summary>
    /// <exception cref="TaskFailedException">It failed at every attempt.</exception>
    public static async Task<T> CallWithRetriesAsync<T>(this TaskOrchestrationContext context, string activity, object input)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await context.CallActivityAsync<T>(activity, input);
            }
            catch (TaskFailedException error) when (attempt < MaxAttempts && CanPass(error))
            {
                await context.CreateTimer(pause, CancellationToken.None);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <inheritdoc cref="CallWithRetriesAsync{T}"/>
    public static Task CallWithRetriesAsync(this TaskOrchestrationContext context, string activity, object input) =>
        context.CallWithRetriesAsync<object?>(activity, input);

    private static bool CanPass(TaskFailedException error) => error.FailureDetails?.ErrorType != typeof(RequestFailedException).FullName;
}
