namespace CloudRewind.Functions.Settings;

/// <summary>How long protections are kept.</summary>
/// <param name="Default">The retention where neither request nor assembly names one, from <see cref="Min"/> to <see cref="Max"/>.</param>
/// <param name="PruneRetryInterval">Before what could not be removed is tried again, at first.</param>
public sealed record RetentionOptions(TimeSpan Default, TimeSpan PruneRetryInterval)
{
    /// <summary>The shortest retention: what is not kept for a second is not a copy.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromSeconds(1);

    /// <summary>The longest retention.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(36_500);

    internal static RetentionOptions Read(SettingsReader reader) => new(
        reader.Duration("Retention__Default", defaultValue: TimeSpan.FromDays(30), Min, Max),
        reader.Duration("Retention__PruneRetryInterval", defaultValue: TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(1), PollingOptions.LongestPruneRetryInterval));
}
