using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>What ties a request, its log lines and the orchestration that it starts together.</summary>
public static class CorrelationId
{
    /// <summary>The header.</summary>
    public const string HeaderName = "x-correlation-id";

    private const int Longest = 128;

    /// <summary>The request's id.</summary>
    public static string Of(HttpContext http) =>
        http.Response.Headers[HeaderName].ToString();

    /// <summary>Takes the id from the request if it is harmless in a log and in a header, else makes one, and puts it on the response.</summary>
    internal static string Assign(HttpContext http)
    {
        var asked = http.Request.Headers[HeaderName];
        var id = asked is [{ Length: > 0 and <= Longest } one] && one.All(IsHarmless) ? one : Guid.NewGuid().ToString("N");
        http.Response.Headers[HeaderName] = id;
        return id;
    }

    private static bool IsHarmless(char value) => char.IsAsciiLetterOrDigit(value) || value is '.' or '_' or '-';
}
