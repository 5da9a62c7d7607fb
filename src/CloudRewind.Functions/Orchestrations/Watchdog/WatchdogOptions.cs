using CloudRewind.Functions.Settings;

namespace CloudRewind.Functions.Orchestrations.Watchdog;

/// <summary>When the watchdog steps in.</summary>
/// <param name="Patience">How long a protection may make no step before the watchdog asks whether anything drives it.</param>
public sealed record WatchdogOptions(TimeSpan Patience)
{
    internal static WatchdogOptions Read(SettingsReader reader) =>
        new(reader.Duration("Watchdog__Patience", defaultValue: TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));
}
