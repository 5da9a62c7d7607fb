using CloudRewind.Aws;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Settings;
using CloudRewind.Simulation;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>How captures are driven.</summary>
/// <param name="Limits">What a run may take.</param>
/// <param name="PollInterval">Between two rounds of captures, at first.</param>
/// <param name="Provider">The key of the provider that takes and removes snapshots.</param>
public sealed record CaptureOptions(CaptureLimits Limits, TimeSpan PollInterval, string Provider)
{
    private static readonly string[] Providers = [SimulationServices.Key, AwsServices.Key];

    internal static CaptureOptions Read(SettingsReader reader)
    {
        var text = reader.Text("Capture__Provider") ?? SimulationServices.Key;
        var provider = Array.Find(Providers, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (provider is null)
            reader.Error($"Capture__Provider is '{text}'; it must be '{string.Join("' or '", Providers)}'.");

        return new CaptureOptions(
            new CaptureLimits(
                reader.Duration("Capture__TimeLimit", defaultValue: TimeSpan.FromHours(6), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
                reader.Number("Capture__MaxConcurrency", defaultValue: 32, min: 1, max: 1_000)),
            reader.Duration("Capture__PollInterval", defaultValue: TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(1), PollingOptions.LongestPollInterval),
            provider ?? text);
    }
}
