using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CloudRewind.Functions.Settings;

/// <summary>Reads single settings and gathers all that is wrong with them, so that a start names every fault at once. A blank setting counts as absent.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> faults = [];

    /// <summary>The setting's text; null where it is absent.</summary>
    public string? Text(string name) =>
        configuration[name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] is { } value && !string.IsNullOrWhiteSpace(value)
            ? value.Trim()
            : null;

    /// <summary>A duration such as <c>00:00:30</c> or <c>30.00:00:00</c>.</summary>
    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most)
            return value;
        Fault($"{name} is '{text}'; it must be a duration ([days.]hours:minutes:seconds) from {least:c} to {most:c}.");
        return otherwise;
    }

    /// <summary>A whole number.</summary>
    public int Number(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Fault($"{name} is '{text}'; it must be a whole number from {least} to {most}.");
        return otherwise;
    }

    /// <summary>An absolute http or https address; null where the setting is absent.</summary>
    public Uri? Address(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp))
            return address;
        Fault($"{name} is '{text}'; it must be an address that begins with https://.");
        return null;
    }

    /// <summary>Notes what is wrong. The sentence names the setting.</summary>
    public void Fault(string sentence) => faults.Add(sentence);

    /// <exception cref="InvalidSettingsException">Something is wrong.</exception>
    public void ThrowIfAnyFault()
    {
        if (faults.Count > 0)
            throw new InvalidSettingsException(faults);
    }
}
