using System.Globalization;
using CloudRewind.Domain.Protections;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.Functions.Http;

/// <summary>
/// An error answer of the API. Thrown wherever the error is found and answered in one place, <see cref="ErrorHandlingMiddleware"/>, so that every error has the same body.
/// </summary>
public sealed class ApiException : Exception
{
    private const int MaxMessage = 1_000;

    /// <summary>After how long a client may try again when storage or the authority did not answer.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly string type;

    private ApiException(int statusCode, string type, string code, string message)
        : base(Excerpt.Of(message, MaxMessage))
    {
        StatusCode = statusCode;
        this.type = type;
        Code = code;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The stable kebab-case word for the error, for clients to switch on.</summary>
    public string Code { get; }

    private IReadOnlyDictionary<string, string> FieldErrors { get; init; } = new Dictionary<string, string>();

    private IReadOnlyList<string> RequiredPermissions { get; init; } = [];

    private (string Name, string Value)? Header { get; init; }

    /// <summary>401: there is no token.</summary>
    public static ApiException TokenMissing() =>
        new(StatusCodes.Status401Unauthorized, "authentication", "token-missing", "The request has no token; send 'Authorization: Bearer TOKEN'.")
        {
            Header = (HeaderNames.WWWAuthenticate, "Bearer"),
        };

    /// <summary>401: the token is not accepted.</summary>
    public static ApiException TokenRefused(string code, string message) =>
        new(StatusCodes.Status401Unauthorized, "authentication", code, message)
        {
            Header = (HeaderNames.WWWAuthenticate, $"Bearer error=\"invalid_token\", error_description=\"{message.Replace('"', '\'')}\""),
        };

    /// <summary>403: the token lacks a permission.</summary>
    public static ApiException PermissionMissing(string permission) =>
        new(StatusCodes.Status403Forbidden, "authorization", "permission-missing", $"The token does not have the permission '{permission}'.")
        {
            RequiredPermissions = [permission],
        };

    /// <summary>403: the token is for another account or project.</summary>
    public static ApiException Forbidden(string code, string message) => new(StatusCodes.Status403Forbidden, "authorization", code, message);

    /// <summary>404.</summary>
    public static ApiException NotFound(string code, string message) => new(StatusCodes.Status404NotFound, "not-found", code, message);

    /// <summary>404: no operation has this path.</summary>
    public static ApiException UnknownPath(HttpRequest request) =>
        NotFound("operation-not-found", $"Unknown path '{Excerpt.Of($"{request.PathBase}{request.Path}")}'.");

    /// <summary>404: no such protection in this assembly, whether or not it is another's.</summary>
    public static ApiException NoSuchProtection(string protectionId) =>
        NotFound("protection-not-found", $"This cloud assembly has no protection '{Excerpt.Of(protectionId)}'.");

    /// <summary>404: no such assembly in this account and project.</summary>
    public static ApiException NoSuchAssembly(long cloudAssemblyId) =>
        NotFound("cloud-assembly-not-found", string.Create(CultureInfo.InvariantCulture, $"This project has no cloud assembly {cloudAssemblyId}."));

    /// <summary>404: no such policy in this assembly.</summary>
    public static ApiException NoSuchPolicy(long policyId) =>
        NotFound("protection-policy-not-found", string.Create(CultureInfo.InvariantCulture, $"This cloud assembly has no protection policy {policyId}."));

    /// <summary>405.</summary>
    /// <param name="method">The method that was used.</param>
    /// <param name="allowed">The methods that the path takes.</param>
    /// <param name="putBelow">Whether the path is a list whose items are created by <c>PUT</c>.</param>
    public static ApiException MethodNotAllowed(string method, IReadOnlyCollection<string> allowed, bool putBelow) =>
        new(
            StatusCodes.Status405MethodNotAllowed,
            "not-found",
            "method-not-allowed",
            $"Method {Excerpt.Of(method)} is not allowed here; allowed: {string.Join(", ", allowed)}.{(putBelow ? " To create an item, choose its id and PUT it at this path followed by '/' and the id." : "")}")
        {
            Header = (HeaderNames.Allow, string.Join(", ", allowed)),
        };

    /// <summary>409.</summary>
    public static ApiException Conflict(string code, string message) => new(StatusCodes.Status409Conflict, "conflict", code, message);

    /// <summary>409: the assembly is being deleted, or is deleted.</summary>
    public static ApiException AssemblyBeingDeleted() =>
        Conflict("assembly-being-deleted", "The cloud assembly is being deleted or has been deleted; use another id for a new one.");

    /// <summary>409: a protection is locked.</summary>
    public static ApiException ProtectionLocked(ProtectionId id) => Conflict("protection-locked", $"Protection {id} is locked; unlock it first.");

    /// <summary>412.</summary>
    public static ApiException Precondition(string code, string message) => new(StatusCodes.Status412PreconditionFailed, "precondition", code, message);

    /// <summary>412: parameters or members are missing or invalid.</summary>
    /// <param name="fieldErrors">What is wrong with each.</param>
    /// <param name="hasMore">Whether there are more than these.</param>
    public static ApiException InvalidRequest(IReadOnlyDictionary<string, string> fieldErrors, bool hasMore) =>
        new(
            StatusCodes.Status412PreconditionFailed,
            "precondition",
            "invalid-request",
            $"{(hasMore ? $"More than {fieldErrors.Count} fields are invalid. " : "")}{string.Join(' ', fieldErrors.Select(error => $"{error.Key}: {error.Value}"))}")
        {
            FieldErrors = fieldErrors,
        };

    /// <summary>500 or 503: something that this app needs does not answer.</summary>
    /// <param name="code">The error's word.</param>
    /// <param name="message">What does not answer.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="after">After how long a client may try again; null: five seconds. Sent in whole seconds, rounded up, and at least one.</param>
    public static ApiException Unavailable(string code, string message, int statusCode = StatusCodes.Status500InternalServerError, TimeSpan? after = null) =>
        new(statusCode, "internal", code, message)
        {
            Header = (HeaderNames.RetryAfter, Math.Max(1, Math.Ceiling((after ?? TryAgainAfter).TotalSeconds)).ToString(CultureInfo.InvariantCulture)),
        };

    /// <summary>500 or 503: storage does not answer. The details are for the log.</summary>
    public static ApiException StorageUnavailable(int statusCode = StatusCodes.Status500InternalServerError) =>
        Unavailable("storage-unavailable", "Storage is not available; try again later.", statusCode);

    /// <summary>500: the host has cancelled the request, because it is stopping or the request took too long.</summary>
    public static ApiException Stopping() =>
        Unavailable("app-stopping", "This instance is stopping and could not finish the request; try again.");

    /// <summary>500: anything else.</summary>
    public static ApiException InternalError(string correlationId) =>
        new(StatusCodes.Status500InternalServerError, "internal", "internal-error", $"An unexpected error occurred. The log has the details under correlation id {correlationId}.");

    /// <summary>Writes the answer.</summary>
    internal async Task WriteAsync(HttpContext http)
    {
        if (Header is { } header)
            http.Response.Headers[header.Name] = header.Value;
        http.Response.Headers.CacheControl = "no-store";
        var errors = FieldErrors.Count == 0
            ? [new ErrorDetail(Code, Message, type)]
            : FieldErrors.Select(error => new ErrorDetail(Code, $"{error.Key}: {error.Value}", type)).ToArray();
        await Json.Answer(new ErrorBody(errors, FieldErrors, Message, RequiredPermissions), StatusCode).ExecuteAsync(http);
    }
}
