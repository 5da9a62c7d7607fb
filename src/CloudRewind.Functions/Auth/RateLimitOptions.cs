using CloudRewind.Functions.Settings;

namespace CloudRewind.Functions.Auth;

/// <summary>How many requests a caller may send.</summary>
/// <param name="RequestsPerMinute">
/// Requests of one caller in a minute to one instance of the app, from 0 to 1,000,000; 0: no limit. The default value is 30,000.
/// </param>
public sealed record RateLimitOptions(int RequestsPerMinute)
{
    internal static RateLimitOptions Read(SettingsReader reader) =>
        new(reader.Number("RateLimit__RequestsPerMinute", defaultValue: 30_000, min: 0, max: 1_000_000));
}
