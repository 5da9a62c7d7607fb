namespace CloudRewind.Functions.Settings;

/// <summary>How often orchestrations look again. Durable timers have whole seconds only: less than a second counts as one.</summary>
/// <param name="PollInterval">Between two rounds of captures, at first; it grows while nothing moves, up to <see cref="LongestPollInterval"/>.</param>
/// <param name="PruneRetryInterval">Before what could not be removed is tried again, at first; it doubles, up to <see cref="LongestPruneRetryInterval"/>.</param>
public sealed record PollingOptions(TimeSpan PollInterval, TimeSpan PruneRetryInterval)
{
    /// <summary>The longest wait between two rounds of captures.</summary>
    public static readonly TimeSpan LongestPollInterval = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait between two attempts to prune.</summary>
    public static readonly TimeSpan LongestPruneRetryInterval = TimeSpan.FromDays(1);
}
