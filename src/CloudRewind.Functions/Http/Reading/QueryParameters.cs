using CloudRewind.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CloudRewind.Functions.Http;

/// <summary>
/// Reads the parameters of a request's query. What is wrong with one is added to the errors under its name. An operation takes the parameters that it reads, and no others.
/// </summary>
internal static class QueryParameters
{
    /// <summary>A key of the Functions host, which asks for none here; tools add it to every address.</summary>
    public const string HostKey = "code";

    /// <summary>The values of a parameter; none where it is missing.</summary>
    public static StringValues Values(HttpRequest request, string name)
    {
        KnownTo(request).Add(name);
        return request.Query[name];
    }

    /// <summary>Adds an error for every parameter that was not read: one that is ignored would change nothing, and the client would not notice. Call it last.</summary>
    public static void RefuseOthers(HttpRequest request, FieldErrors errors)
    {
        var known = KnownTo(request);
        foreach (var name in request.Query.Keys.Where(name => !known.Contains(name) && !name.Equals(HostKey, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(name, Spelling.Nearest(name, known) is { } nearest ? $"Unknown query parameter; did you mean '{nearest}'?"
                : known.Count > 0 ? $"Unknown query parameter; known here: {string.Join(", ", known)}."
                : "Unknown query parameter; this operation takes none.");
        }
    }

    /// <summary>A parameter that must be there exactly once and not be blank.</summary>
    /// <returns>Its value; empty where it is missing or repeated.</returns>
    public static string Required(HttpRequest request, string name, FieldErrors errors)
    {
        var values = Values(request, name);
        if (values.Count > 1)
            errors.Add(name, $"This query parameter is given {values.Count} times; give it once.");
        else if (string.IsNullOrWhiteSpace(values))
            errors.Add(name, "This query parameter is required.");
        return values.Count == 1 ? values.ToString() : "";
    }

    /// <summary>One of a few words.</summary>
    /// <returns>What it stands for; <paramref name="defaultWord"/>'s where it is missing or invalid.</returns>
    public static T ChoiceOr<T>(HttpRequest request, string name, string defaultWord, IReadOnlyDictionary<string, T> choices, FieldErrors errors)
    {
        var values = Values(request, name);
        if (values.Count == 0)
            return choices[defaultWord];
        if (values is [{ } word] && choices.TryGetValue(word, out var choice))
            return choice;
        errors.Add(name, $"'{Excerpt.Of(values.ToString())}' is invalid; give one of {string.Join(", ", choices.Keys)}.");
        return choices[defaultWord];
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    /// <returns>Its value; <paramref name="defaultValue"/> where it is missing or invalid.</returns>
    public static long WholeNumberOr(HttpRequest request, string name, long defaultValue, long max, FieldErrors errors, long min = 0)
    {
        var values = Values(request, name);
        if (values.Count == 0)
            return defaultValue;
        if (values is [{ } text] && WholeNumber.TryParse(text, out var number) && number >= min && number <= max)
            return number;
        errors.Add(name, $"'{Excerpt.Of(values.ToString())}' is invalid; give one whole number from {min} to {max}.");
        return defaultValue;
    }

    private static KnownParameters KnownTo(HttpRequest request)
    {
        var features = request.HttpContext.Features;
        if (features.Get<KnownParameters>() is not { } known)
            features.Set(known = new KnownParameters());
        return known;
    }

    private sealed class KnownParameters() : HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
