using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>Gathers what is wrong with a request, so that one answer names all of it.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, string> errors = new(StringComparer.Ordinal);

    /// <summary>Notes what is wrong with a parameter or a member; the first fault of each stays.</summary>
    public void Add(string field, string message) => errors.TryAdd(field, message);

    /// <summary>A query parameter that must be there once, with a value.</summary>
    /// <returns>Its value; empty where that is a fault, which is noted.</returns>
    public string RequireQuery(HttpRequest request, string name)
    {
        ArgumentNullException.ThrowIfNull(request);
        var values = request.Query[name];
        if (values.Count > 1)
            Add(name, $"This query parameter is there {values.Count} times; it must be there once.");
        else if (string.IsNullOrWhiteSpace(values))
            Add(name, "This query parameter is missing or empty; it must be there once, with a value.");
        return values.Count == 1 ? values.ToString() : "";
    }

    /// <exception cref="Refusal">Something is wrong: 412.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count > 0)
            throw Refusal.InvalidRequest(errors);
    }
}
