using Azure;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using Microsoft.DurableTask;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>
/// Makes the steps of an orchestration, which are activities and waits, and shows at each in the custom status when the next one is due: the watchdog replaces an orchestration
/// that does not make it. An exception in an activity means "try again"; what is expected to go wrong is part of its result.
/// The SDK's own retry policy is not used: one that looks at a failure throws where the failure has no details.
/// </summary>
internal sealed class OrchestrationSteps(TaskOrchestrationContext context)
{
    private const int MaxAttempts = 15;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private ProtectionStatus? status;
    private CaptureProgress? progress;

    /// <summary>What the custom status says besides, from the next step on.</summary>
    public void Show(ProtectionStatus shownStatus, CaptureProgress? shownProgress) => (status, progress) = (shownStatus, shownProgress);

    /// <summary>
    /// Calls an activity, again and again for about ten minutes where an outage keeps it from working; then the watchdog starts over. What storage refuses for good
    /// is not tried again.
    /// </summary>
    /// <exception cref="TaskFailedException">It failed at every attempt.</exception>
    public async Task<T> CallAsync<T>(string activity, object input)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Begin(TimeSpan.Zero);
                return await context.CallActivityAsync<T>(activity, input);
            }
            catch (TaskFailedException error) when (attempt < MaxAttempts && CanPass(error))
            {
                await WaitAsync(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Waits.</summary>
    public Task WaitAsync(TimeSpan time)
    {
        Begin(time);
        return context.CreateTimer(time, CancellationToken.None);
    }

    /// <summary>Waits for an event.</summary>
    /// <returns>Whether it came in time.</returns>
    public async Task<bool> WaitForAsync(string eventName, TimeSpan atMost)
    {
        Begin(atMost);
        try
        {
            await context.WaitForExternalEvent<object>(eventName, atMost);
            return true;
        }
        catch (TaskCanceledException)
        {
            return false;
        }
    }

    private static bool CanPass(TaskFailedException error) => error.FailureDetails?.ErrorType != typeof(RequestFailedException).FullName;

    private void Begin(TimeSpan wait)
    {
        DateTimeOffset now = context.CurrentUtcDateTime;
        context.SetCustomStatus(new StepStatus(new OrchestrationStep(now, now + wait), status, progress));
    }
}
