using System.Globalization;
using CloudRewind.Domain;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>
/// An error answer of the API, made from the catalogue <see cref="ApiErrors"/>. <see cref="ErrorHandlingMiddleware"/> answers it, so that every
/// error has the same body.
/// </summary>
public sealed class ApiException : Exception
{
    private const int MaxMessage = 1_000;

    internal ApiException(ApiError error, string message)
        : base(Excerpt.Of(message, MaxMessage))
    {
        Error = error;
        StatusCode = error.StatusCode;
        RetryAfter = error.RetryAfter;
    }

    /// <summary>The error's entry in the catalogue.</summary>
    public ApiError Error { get; }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; init; }

    /// <summary>The stable kebab-case word for the error, for clients to switch on.</summary>
    public string Code => Error.Code;

    /// <summary>The time after which a client may send the request again. Sent in whole seconds, rounded up, and at least one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Methods that the path takes; null: no header <c>Allow</c> is sent.</summary>
    public string? Allow { get; internal set; }

    internal IReadOnlyDictionary<string, string> FieldErrors { get; set; } = new Dictionary<string, string>();

    internal IReadOnlyList<string> RequiredPermissions { get; set; } = [];

    /// <summary>Writes the answer.</summary>
    internal async Task WriteAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (StatusCode == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = Error == ApiErrors.TokenMissing
                ? "Bearer"
                : $"Bearer error=\"invalid_token\", error_description=\"{Message.Replace('"', '\'')}\"";
        }

        if (Allow is not null)
            headers.Allow = Allow;
        if (RetryAfter is { } after)
            headers.RetryAfter = Math.Max(1, Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
        var type = Error.Class.ToWireName();
        var errors = FieldErrors.Count == 0
            ? [new ErrorDetail(Code, Message, type)]
            : FieldErrors.Select(error => new ErrorDetail(Code, $"{error.Key}: {error.Value}", type)).ToArray();
        await Json.Answer(new ErrorBody(errors, FieldErrors, Message, RequiredPermissions), StatusCode).ExecuteAsync(http);
    }
}
