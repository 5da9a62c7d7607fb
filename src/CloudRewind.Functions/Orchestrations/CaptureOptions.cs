using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Settings;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>How captures are driven.</summary>
/// <param name="Limits">What a run may take.</param>
/// <param name="PollInterval">Between two rounds of captures, at first.</param>
public sealed record CaptureOptions(CaptureLimits Limits, TimeSpan PollInterval)
{
    internal static CaptureOptions Read(SettingsReader reader)
    {
        if (reader.Text("Capture__Provider") is { } provider && !provider.Equals("Simulated", StringComparison.OrdinalIgnoreCase))
        {
            reader.Error(provider.Equals("Aws", StringComparison.OrdinalIgnoreCase)
                ? "Capture__Provider is 'Aws', which this version does not have yet; it must be 'Simulated'."
                : $"Capture__Provider is '{provider}'; it must be 'Simulated'.");
        }

        return new CaptureOptions(
            new CaptureLimits(
                reader.Duration("Capture__TimeLimit", defaultValue: TimeSpan.FromHours(6), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
                reader.Number("Capture__MaxConcurrency", defaultValue: 32, min: 1, max: 1_000)),
            reader.Duration("Capture__PollInterval", defaultValue: TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(1), PollingOptions.LongestPollInterval));
    }
}
