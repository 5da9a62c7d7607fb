using Microsoft.DurableTask;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>How often activities are tried. An exception in an activity means "try again"; what is expected to go wrong is part of its result.</summary>
internal static class RetryOptions
{
    /// <summary>For what only an outage of storage keeps from working: about ten minutes, after which the watchdog starts over.</summary>
    public static readonly TaskOptions Storage = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 15, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(1)));
}
