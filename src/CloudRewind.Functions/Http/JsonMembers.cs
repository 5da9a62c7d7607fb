using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudRewind.Functions.Http;

/// <summary>Reads the members of a JSON object and notes every fault under the member's path.</summary>
internal sealed class JsonMembers(JsonElement json, string path, FieldErrors faults)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>A text of 1 to <paramref name="longest"/> characters; null where it is absent or at fault.</summary>
    public string? Text(string name, int longest, bool required = true)
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (TryReadText(value, out var text) && !string.IsNullOrWhiteSpace(text) && text.Length <= longest)
            return text;
        Fault(name, $"It must be a text of 1 to {longest} characters, not all of them spaces.");
        return null;
    }

    /// <summary>A text of a certain form.</summary>
    /// <param name="name">The member.</param>
    /// <param name="form">The form.</param>
    /// <param name="description">The form for a person, to follow "it must be".</param>
    /// <param name="required">Whether its absence is a fault.</param>
    public string? Text(string name, Regex form, string description, bool required = true)
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (TryReadText(value, out var text) && form.IsMatch(text))
            return text;
        Fault(name, $"{Shown(value)} is not right; it must be {description}.");
        return null;
    }

    /// <summary>One of a few words.</summary>
    public T? Choice<T>(string name, bool required, params (string Word, T Value)[] choices)
        where T : struct
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (TryReadText(value, out var text))
        {
            foreach (var (word, choice) in choices)
            {
                if (word == text)
                    return choice;
            }
        }

        Fault(name, $"{Shown(value)} is not right; it must be {string.Join(" or ", choices.Select(choice => $"'{choice.Word}'"))}.");
        return null;
    }

    /// <summary>A whole number.</summary>
    public long? Number(string name, long least, bool required = true)
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least)
            return number;
        Fault(name, string.Create(CultureInfo.InvariantCulture, $"{Shown(value)} is not right; it must be a whole number from {least} to {long.MaxValue}."));
        return null;
    }

    /// <summary>An ISO 8601 duration within a range.</summary>
    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most)
    {
        if (!TryFind(name, required: false, out var value))
            return null;
        if (TryReadText(value, out var text) && IsoDuration.TryParse(text, out var duration) && duration >= least && duration <= most)
            return duration;
        Fault(name, $"{Shown(value)} is not right; it must be an ISO 8601 duration in weeks, or in days, hours, minutes and seconds, such as 'P30D' or 'PT12H', from {IsoDuration.Format(least)} to {IsoDuration.Format(most)}.");
        return null;
    }

    /// <summary>The members of a nested object; null where it is absent or at fault.</summary>
    public JsonMembers? Members(string name)
    {
        if (!TryFind(name, required: true, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new JsonMembers(value, Path(name), faults);
        Fault(name, "It must be an object.");
        return null;
    }

    /// <summary>Each entry of an array of objects.</summary>
    public List<JsonMembers>? ArrayOfMembers(string name, int most)
    {
        if (Array(name, most) is not { } entries)
            return null;
        if (entries.All(entry => entry.ValueKind == JsonValueKind.Object))
            return [.. entries.Select((entry, index) => new JsonMembers(entry, $"{Path(name)}[{index}]", faults))];
        Fault(name, "Each of its entries must be an object.");
        return null;
    }

    /// <summary>An array of texts, each once.</summary>
    public List<string>? ArrayOfTexts(string name, int most, int longest)
    {
        if (Array(name, most) is not { } entries)
            return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<string> texts = [];
        foreach (var entry in entries)
        {
            if (!TryReadText(entry, out var text) || string.IsNullOrWhiteSpace(text) || text.Length > longest)
            {
                Fault(name, $"Each of its entries must be a text of 1 to {longest} characters, not all of them spaces.");
                return null;
            }

            if (!seen.Add(text))
            {
                Fault(name, $"'{text}' is there more than once.");
                return null;
            }

            texts.Add(text);
        }

        return texts;
    }

    /// <summary>Notes every member that nobody asked for. Call it last.</summary>
    public void RefuseOthers()
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                Fault(member.Name, $"There is no such member here; there are {string.Join(", ", known)}.");
        }
    }

    /// <summary>Notes what is wrong with a member.</summary>
    public void Fault(string name, string message) => faults.Add(Path(name), message);

    private List<JsonElement>? Array(string name, int most)
    {
        if (!TryFind(name, required: true, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= most)
            return [.. value.EnumerateArray()];
        Fault(name, $"It must be an array of at most {most} entries.");
        return null;
    }

    // A member that is null counts as absent.
    private bool TryFind(string name, bool required, out JsonElement value)
    {
        known.Add(name);
        if (json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
            return true;
        if (required)
            Fault(name, "It is missing.");
        return false;
    }

    private static bool TryReadText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON, and yet no text.
        }

        return text is not null;
    }

    private static string Shown(JsonElement value)
    {
        const int Longest = 100;
        var raw = value.GetRawText();
        return raw.Length <= Longest ? raw : $"{raw[..Longest]}...";
    }

    private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
