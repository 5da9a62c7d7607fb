using CloudRewind.Functions.Settings;

namespace CloudRewind.Functions.Orchestrations.Watchdog;

/// <summary>When the watchdog steps in.</summary>
/// <param name="Patience">How long a protection may make no step before the watchdog asks whether anything drives it.</param>
/// <param name="HistoryRetention">How long the task hub keeps an orchestration that has ended, from one hour to a year. The default value is seven days.</param>
public sealed record WatchdogOptions(TimeSpan Patience, TimeSpan HistoryRetention)
{
    internal static WatchdogOptions Read(SettingsReader reader) =>
        new(
            reader.Duration("Watchdog__Patience", defaultValue: TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            reader.Duration("Watchdog__HistoryRetention", defaultValue: TimeSpan.FromDays(7), TimeSpan.FromHours(1), TimeSpan.FromDays(365)));
}
