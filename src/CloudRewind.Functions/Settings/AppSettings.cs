using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Simulation;
using Microsoft.Extensions.Configuration;

namespace CloudRewind.Functions.Settings;

/// <summary>Every setting of the app, read once at start and valid from then on.</summary>
/// <param name="Storage">Where the protections are.</param>
/// <param name="Auth">Whose tokens are trusted.</param>
/// <param name="Cors">Which pages of other origins may call the API.</param>
/// <param name="Capture">What a run may take.</param>
/// <param name="Pace">How often an orchestration looks.</param>
/// <param name="Retention">How long a protection is kept where neither request nor assembly says.</param>
/// <param name="Simulation">How the simulated provider behaves.</param>
/// <param name="WatchdogPatience">How long a protection may make no step before the watchdog asks whether anything drives it.</param>
public sealed record AppSettings(
    StorageSettings Storage,
    AuthSettings Auth,
    CorsSettings Cors,
    CaptureLimits Capture,
    PollingOptions Pace,
    TimeSpan Retention,
    SimulationSettings Simulation,
    TimeSpan WatchdogPatience)
{
    /// <summary>The shortest retention: what is not kept for a second is not a copy.</summary>
    public static readonly TimeSpan ShortestRetention = TimeSpan.FromSeconds(1);

    /// <summary>The longest retention.</summary>
    public static readonly TimeSpan LongestRetention = TimeSpan.FromDays(36_500);

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <exception cref="InvalidSettingsException">Some are missing or invalid; the message names each.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = new AppSettings(
            StorageSettings.Read(reader),
            AuthSettings.Read(reader),
            CorsSettings.Read(reader),
            new CaptureLimits(
                reader.Duration("Capture__TimeLimit", TimeSpan.FromHours(6), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
                reader.Number("Capture__MaxConcurrency", 32, 1, 1_000)),
            new PollingOptions(
                reader.Duration("Capture__PollInterval", TimeSpan.FromSeconds(2), Instant, PollingOptions.LongestPollInterval),
                reader.Duration("Retention__PruneRetryInterval", TimeSpan.FromMinutes(1), Instant, PollingOptions.LongestPruneRetryInterval)),
            reader.Duration("Retention__Default", TimeSpan.FromDays(30), ShortestRetention, LongestRetention),
            new SimulationSettings(reader.Duration("Simulation__StepTime", TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromDays(1))),
            reader.Duration("Watchdog__Patience", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));

        if (reader.Text("Capture__Provider") is { } provider && !provider.Equals("Simulated", StringComparison.OrdinalIgnoreCase))
        {
            reader.Fault(provider.Equals("Aws", StringComparison.OrdinalIgnoreCase)
                ? "Capture__Provider is 'Aws', which this version does not have yet; it must be 'Simulated'."
                : $"Capture__Provider is '{provider}'; it must be 'Simulated'.");
        }

        reader.ThrowIfAnyFault();
        return settings;
    }
}
