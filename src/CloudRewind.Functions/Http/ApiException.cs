using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.Functions.Http;

/// <summary>
/// A request that is not served. Thrown wherever that is found out, and answered in one place (<see cref="HttpBoundary"/>), so that every
/// refusal has the same body.
/// </summary>
public sealed class Refusal : Exception
{
    /// <summary>After how long a client may try again when storage or the authority did not answer.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly string type;

    private Refusal(int statusCode, string type, string code, string message)
        : base(message)
    {
        StatusCode = statusCode;
        this.type = type;
        Code = code;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The stable word for it.</summary>
    public string Code { get; }

    private IReadOnlyDictionary<string, string> FieldErrors { get; init; } = new Dictionary<string, string>();

    private IReadOnlyList<string> RequiredPermissions { get; init; } = [];

    private (string Name, string Value)? Header { get; init; }

    /// <summary>401: there is no token.</summary>
    public static Refusal TokenMissing() =>
        new(StatusCodes.Status401Unauthorized, "authentication", "token-missing", "The request has no token; send 'Authorization: Bearer TOKEN'.")
        {
            Header = (HeaderNames.WWWAuthenticate, "Bearer"),
        };

    /// <summary>401: the token is not accepted.</summary>
    public static Refusal TokenRefused(string code, string message) =>
        new(StatusCodes.Status401Unauthorized, "authentication", code, message)
        {
            Header = (HeaderNames.WWWAuthenticate, $"Bearer error=\"invalid_token\", error_description=\"{message.Replace('"', '\'')}\""),
        };

    /// <summary>403: the token lacks a permission.</summary>
    public static Refusal PermissionMissing(string permission) =>
        new(StatusCodes.Status403Forbidden, "authorization", "permission-missing", $"The token does not have the permission '{permission}'.")
        {
            RequiredPermissions = [permission],
        };

    /// <summary>403: the token is for another account or project.</summary>
    public static Refusal Forbidden(string code, string message) => new(StatusCodes.Status403Forbidden, "authorization", code, message);

    /// <summary>404.</summary>
    public static Refusal NotFound(string code, string message) => new(StatusCodes.Status404NotFound, "not-found", code, message);

    /// <summary>404: no such protection in this assembly, whether or not it is another's.</summary>
    public static Refusal NoSuchProtection(string protectionId) =>
        NotFound("protection-not-found", $"This cloud assembly has no protection '{protectionId}'.");

    /// <summary>404: no such assembly in this account and project.</summary>
    public static Refusal NoSuchAssembly(long cloudAssemblyId) =>
        NotFound("cloud-assembly-not-found", string.Create(CultureInfo.InvariantCulture, $"This project has no cloud assembly {cloudAssemblyId}."));

    /// <summary>405.</summary>
    public static Refusal MethodNotAllowed(string method, IReadOnlyCollection<string> allowed) =>
        new(StatusCodes.Status405MethodNotAllowed, "not-found", "method-not-allowed", $"This address does not take {method}; it takes {string.Join(", ", allowed)}.")
        {
            Header = (HeaderNames.Allow, string.Join(", ", allowed)),
        };

    /// <summary>409.</summary>
    public static Refusal Conflict(string code, string message) => new(StatusCodes.Status409Conflict, "conflict", code, message);

    /// <summary>409: the assembly is being deleted, or is deleted.</summary>
    public static Refusal AssemblyBeyondUse() =>
        Conflict("assembly-being-deleted", "The cloud assembly is being deleted, or is deleted; take another id for a new one.");

    /// <summary>412.</summary>
    public static Refusal Precondition(string code, string message) => new(StatusCodes.Status412PreconditionFailed, "precondition", code, message);

    /// <summary>412: parameters or members are missing or malformed.</summary>
    public static Refusal InvalidRequest(IReadOnlyDictionary<string, string> fieldErrors) =>
        new(
            StatusCodes.Status412PreconditionFailed,
            "precondition",
            "invalid-request",
            string.Join(' ', fieldErrors.Select(error => $"{error.Key}: {error.Value}")))
        {
            FieldErrors = fieldErrors,
        };

    /// <summary>500 or 503: something that this app needs does not answer.</summary>
    public static Refusal Unavailable(string code, string message, int statusCode = StatusCodes.Status500InternalServerError) =>
        new(statusCode, "internal", code, message)
        {
            Header = (HeaderNames.RetryAfter, TryAgainAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        };

    /// <summary>500 or 503: storage does not answer. What exactly went wrong is for the log.</summary>
    public static Refusal StorageUnavailable(int statusCode = StatusCodes.Status500InternalServerError) =>
        Unavailable("storage-unavailable", "Storage does not answer, so nothing can be said now; the same request may succeed later.", statusCode);

    /// <summary>500: the host has called the request off, because it stops or because the request took too long.</summary>
    public static Refusal Stopping() =>
        Unavailable("app-stopping", "This instance is stopping and could not finish the request; the same request may succeed on another one.");

    /// <summary>500: what nobody foresaw.</summary>
    public static Refusal InternalError(string correlationId) =>
        new(StatusCodes.Status500InternalServerError, "internal", "internal-error", $"Something went wrong here. The log has it under the correlation id {correlationId}.");

    /// <summary>The answer.</summary>
    public async Task ExecuteAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (Header is { } header)
            http.Response.Headers[header.Name] = header.Value;
        http.Response.Headers.CacheControl = "no-store";
        var errors = FieldErrors.Count == 0
            ? [new RefusalError(Code, Message, type)]
            : FieldErrors.Select(error => new RefusalError(Code, $"{error.Key}: {error.Value}", type)).ToArray();
        await Json.Answer(new RefusalBody(errors, FieldErrors, Message, RequiredPermissions), StatusCode).ExecuteAsync(http);
    }
}
