using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudRewind.Domain;

namespace CloudRewind.Functions.Http;

/// <summary>Reads the members of a JSON object. What is wrong with one is added to the errors under the member's path.</summary>
internal sealed class JsonMembers(JsonElement json, string path, FieldErrors errors)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>A text of 1 to <paramref name="maxLength"/> characters; null where it is missing or invalid.</summary>
    public string? Text(string name, int maxLength, bool required = true)
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (TryReadText(value, out var text) && !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength)
            return text;
        AddError(name, $"It must be a string of 1 to {maxLength} characters that is not blank.");
        return null;
    }

    /// <summary>A text of a certain form.</summary>
    /// <param name="name">The member.</param>
    /// <param name="form">The form.</param>
    /// <param name="description">The form for a person, to follow "it must be".</param>
    /// <param name="required">Whether it must be there.</param>
    public string? Text(string name, Regex form, string description, bool required = true)
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (TryReadText(value, out var text) && form.IsMatch(text))
            return text;
        AddError(name, $"{Shown(value)} is invalid; it must be {description}.");
        return null;
    }

    /// <summary>A value of an enumeration.</summary>
    /// <param name="name">The member.</param>
    /// <param name="required">Whether the member must be there.</param>
    /// <param name="choices">The values that are valid here; empty: all of the enumeration.</param>
    public T? Choice<T>(string name, bool required = true, params T[] choices)
        where T : struct, Enum
    {
        if (!TryFind(name, required, out var value))
            return null;
        var names = choices.Length == 0 ? WireName.All<T>() : [.. choices.Select(choice => choice.ToWireName())];
        if (TryReadText(value, out var text) && names.Contains(text) && WireName.TryParse<T>(text, out var choice))
            return choice;
        AddError(name, $"{Shown(value)} is invalid; it must be {string.Join(" or ", names.Select(name => $"'{name}'"))}.");
        return null;
    }

    /// <summary>A whole number.</summary>
    public long? Number(string name, long min, bool required = true, long max = long.MaxValue)
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (TryReadNumber(value, min, max, out var number))
            return number;
        AddError(name, string.Create(CultureInfo.InvariantCulture, $"{Shown(value)} is invalid; it must be a whole number from {min} to {max}."));
        return null;
    }

    /// <summary>Some whole numbers, each once: an array of them, or a single one.</summary>
    public List<int>? Numbers(string name, int min, int max) => SomeOf<int>(
        name,
        string.Create(CultureInfo.InvariantCulture, $"whole numbers from {min} to {max}"),
        value => TryReadNumber(value, min, max, out var number) ? (int)number : null);

    /// <summary>Some of a few words, each once: an array of them, or a single one.</summary>
    public List<T>? Choices<T>(string name, IReadOnlyDictionary<string, T> choices)
        where T : struct =>
        SomeOf<T>(name, string.Join(", ", choices.Keys), value => TryReadText(value, out var text) && choices.TryGetValue(text, out var choice) ? choice : null);

    /// <summary>Whether a member is there.</summary>
    public bool Has(string name) => TryFind(name, required: false, out _);

    /// <summary>An ISO 8601 duration within a range.</summary>
    public TimeSpan? Duration(string name, TimeSpan min, TimeSpan max)
    {
        if (!TryFind(name, required: false, out var value))
            return null;
        if (TryReadText(value, out var text) && IsoDuration.TryParse(text, out var duration) && duration >= min && duration <= max)
            return duration;
        AddError(name, $"{Shown(value)} is invalid; it must be an ISO 8601 duration in weeks, or in days, hours, minutes and seconds, such as 'P30D' or 'PT12H', from {IsoDuration.Format(min)} to {IsoDuration.Format(max)}.");
        return null;
    }

    /// <summary>The members of a nested object; null where it is missing or invalid.</summary>
    public JsonMembers? Members(string name, bool required = true)
    {
        if (!TryFind(name, required, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new JsonMembers(value, Path(name), errors);
        AddError(name, "It must be an object.");
        return null;
    }

    /// <summary>Each entry of an array of objects.</summary>
    public List<JsonMembers>? ArrayOfMembers(string name, int max)
    {
        if (Array(name, max) is not { } entries)
            return null;
        if (entries.All(entry => entry.ValueKind == JsonValueKind.Object))
            return [.. entries.Select((entry, index) => new JsonMembers(entry, $"{Path(name)}[{index}]", errors))];
        AddError(name, "Each entry must be an object.");
        return null;
    }

    /// <summary>An array of texts, each once.</summary>
    public List<string>? ArrayOfTexts(string name, int max, int maxLength)
    {
        if (Array(name, max) is not { } entries)
            return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<string> texts = [];
        foreach (var entry in entries)
        {
            if (!TryReadText(entry, out var text) || string.IsNullOrWhiteSpace(text) || text.Length > maxLength)
            {
                AddError(name, $"Each entry must be a string of 1 to {maxLength} characters that is not blank.");
                return null;
            }

            if (!seen.Add(text))
            {
                AddError(name, $"'{Excerpt.Of(text)}' is given more than once.");
                return null;
            }

            texts.Add(text);
        }

        return texts;
    }

    /// <summary>Adds an error for every member that was not read. Call it last.</summary>
    /// <param name="hints">What to say of a member that clients are likely to try.</param>
    public void RefuseOthers(params (string Member, string Hint)[] hints)
    {
        foreach (var member in json.EnumerateObject().Where(member => !known.Contains(member.Name)))
        {
            var hint = hints.FirstOrDefault(hint => hint.Member == member.Name).Hint;
            AddError(member.Name, $"Unknown member; {hint ?? $"known here: {string.Join(", ", known)}"}.");
        }
    }

    /// <summary>Adds what is wrong with a member.</summary>
    public void AddError(string name, string message) => errors.Add(Path(name), message);

    private List<T>? SomeOf<T>(string name, string those, Func<JsonElement, T?> read)
        where T : struct
    {
        if (!TryFind(name, required: true, out var value))
            return null;
        List<T> found = [];
        foreach (var entry in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value])
        {
            if (read(entry) is not { } one)
            {
                AddError(name, $"{Shown(entry)} is invalid; it must be one or more of {those}.");
                return null;
            }

            if (found.Contains(one))
            {
                AddError(name, $"{Shown(entry)} is given more than once.");
                return null;
            }

            found.Add(one);
        }

        if (found.Count > 0)
            return found;
        AddError(name, $"It must have at least one entry of {those}.");
        return null;
    }

    private List<JsonElement>? Array(string name, int max)
    {
        if (!TryFind(name, required: true, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= max)
            return [.. value.EnumerateArray()];
        AddError(name, $"It must be an array of at most {max} entries.");
        return null;
    }

    // A member that is null counts as absent.
    private bool TryFind(string name, bool required, out JsonElement value)
    {
        known.Add(name);
        if (json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
            return true;
        if (required)
            AddError(name, "It is required.");
        return false;
    }

    private static bool TryReadNumber(JsonElement value, long min, long max, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number) && number >= min && number <= max;
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

    private static string Shown(JsonElement value) => Excerpt.Of(value.GetRawText());

    private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
