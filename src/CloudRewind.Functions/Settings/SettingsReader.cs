using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CloudRewind.Functions.Settings;

/// <summary>Reads single settings by their names as environment variables, and collects what is wrong with them. A blank setting counts as absent.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const string Separator = "__";

    private readonly List<string> errors = [];
    private readonly SortedSet<string> known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>One sentence for each error; it names the setting.</summary>
    public IReadOnlyList<string> Errors => errors;

    /// <summary>The setting's text; null where it is absent.</summary>
    public string? Text(string name)
    {
        known.Add(name);
        return configuration[name.Replace(Separator, ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] is { } value && !string.IsNullOrWhiteSpace(value)
            ? value.Trim()
            : null;
    }

    /// <summary>A duration such as <c>00:00:30</c> or <c>30.00:00:00</c>.</summary>
    public TimeSpan Duration(string name, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
    {
        if (Text(name) is not { } text)
            return defaultValue;
        if (text.Contains(':', StringComparison.Ordinal) // a number alone would be days
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value)
            && value >= min
            && value <= max)
            return value;
        Error($"{name} is '{text}'; it must be a duration ([days.]hours:minutes:seconds) from {min:c} to {max:c}.");
        return defaultValue;
    }

    /// <summary>A whole number.</summary>
    public int Number(string name, int defaultValue, int min, int max)
    {
        if (Text(name) is not { } text)
            return defaultValue;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        Error($"{name} is '{text}'; it must be a whole number from {min} to {max}.");
        return defaultValue;
    }

    /// <summary><c>true</c> or <c>false</c>; false where it is absent.</summary>
    public bool Flag(string name)
    {
        if (Text(name) is not { } text)
            return false;
        if (bool.TryParse(text, out var value))
            return value;
        Error($"{name} is '{text}'; it must be 'true' or 'false'.");
        return false;
    }

    /// <summary>An absolute http or https URL; null where the setting is absent or invalid.</summary>
    public Uri? Address(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp))
            return address;
        Error($"{name} is '{text}'; it must be a URL that begins with https://.");
        return null;
    }

    /// <summary>Adds an error.</summary>
    public void Error(string sentence) => errors.Add(sentence);

    /// <summary>Adds an error for each setting below a section that nothing has read: a misspelt one would be ignored in silence.</summary>
    public void RefuseUnknown(string section)
    {
        var set = configuration.GetSection(section).AsEnumerable(makePathsRelative: true)
            .Where(setting => !string.IsNullOrWhiteSpace(setting.Value))
            .Select(setting => $"{section}{Separator}{setting.Key.Replace(ConfigurationPath.KeyDelimiter, Separator, StringComparison.Ordinal)}");
        foreach (var name in set.Where(name => !known.Contains(name)).Order(StringComparer.OrdinalIgnoreCase))
        {
            Error(Spelling.Nearest(name, known) is { } nearest
                ? $"{name} is not a setting; did you mean {nearest}?"
                : $"{name} is not a setting; those of {section} are {string.Join(", ", known.Where(other => other.StartsWith(section + Separator, StringComparison.OrdinalIgnoreCase)))}.");
        }
    }
}
