using System.Text.RegularExpressions;
using CloudRewind.Domain;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>Reads the parameters of a request's path. What is wrong with one is added to the errors under its name.</summary>
internal static partial class PathParameters
{
    /// <summary>A project id this long, however it is encoded, fits twice into an address: in the path, and in the id of a protection.</summary>
    public const int MaxProjectId = 400;

    /// <summary>
    /// The request's address as the client sent it. Azure's front end sets this header, and so does the local host. Hosts decode the path once and
    /// encode it again on its way here, all but an encoded slash, so that without the header <c>%2F</c> and <c>%252F</c> are the same.
    /// </summary>
    public const string OriginalUrlHeader = "X-WAWS-Unencoded-URL";

    private const string EncodedSlash = "%2F";

    /// <summary>An account id or a cloud assembly id: a whole number from 1.</summary>
    /// <returns>Null where it is invalid.</returns>
    public static long? ReadId(HttpRequest request, string name, FieldErrors errors)
    {
        var text = Value(request, name);
        if (WholeNumber.TryParse(text, out var id) && id >= 1)
            return id;
        errors.Add(name, $"'{Excerpt.Of(text)}' is not an id; give a whole number from 1 to {long.MaxValue}.");
        return null;
    }

    /// <summary>The project id: any text of at most <see cref="MaxProjectId"/> characters.</summary>
    public static string ReadProjectId(HttpRequest request, FieldErrors errors)
    {
        var text = Value(request, "projectId");
        var projectId = text.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase)
            ? OriginalProjectId(request, text) ?? text.Replace(EncodedSlash, "/", StringComparison.OrdinalIgnoreCase)
            : text;
        if (projectId.Length > MaxProjectId)
            errors.Add("projectId", $"A project id has at most {MaxProjectId} characters.");
        return projectId;
    }

    private static string Value(HttpRequest request, string name) => request.RouteValues[name] as string ?? "";

    // Null where the header is missing, or is not about this path.
    private static string? OriginalProjectId(HttpRequest request, string received)
    {
        if (request.Headers[OriginalUrlHeader] is not [{ } url] || ProjectId().Match(url) is not { Success: true } match)
            return null;
        var projectId = Uri.UnescapeDataString(match.Groups[1].Value);
        return projectId.Replace("/", EncodedSlash, StringComparison.Ordinal).Equals(received, StringComparison.OrdinalIgnoreCase) ? projectId : null;
    }

    [GeneratedRegex("^[^?]*?/v1/accounts/[^/?]*/projects/([^/?]*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ProjectId();
}
