using CloudRewind.Domain;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>Reads the parameters of a request's query. What is wrong with one is added to the errors under its name.</summary>
internal static class QueryParameters
{
    /// <summary>A parameter that must be there exactly once and not be blank.</summary>
    /// <returns>Its value; empty where it is missing or repeated.</returns>
    public static string Required(HttpRequest request, string name, FieldErrors errors)
    {
        var values = request.Query[name];
        if (values.Count > 1)
            errors.Add(name, $"This query parameter is given {values.Count} times; give it once.");
        else if (string.IsNullOrWhiteSpace(values))
            errors.Add(name, "This query parameter is required.");
        return values.Count == 1 ? values.ToString() : "";
    }

    /// <summary>A whole number from 0 to <paramref name="max"/>.</summary>
    /// <returns>Its value; <paramref name="defaultValue"/> where it is missing or invalid.</returns>
    public static long WholeNumberOr(HttpRequest request, string name, long defaultValue, long max, FieldErrors errors)
    {
        var values = request.Query[name];
        if (values.Count == 0)
            return defaultValue;
        if (values is [{ } text] && WholeNumber.TryParse(text, out var number) && number <= max)
            return number;
        errors.Add(name, $"'{Excerpt.Of(values.ToString())}' is invalid; give one whole number from 0 to {max}.");
        return defaultValue;
    }
}
