using System.Globalization;
using System.Reflection;
using CloudRewind.Domain.Protections;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>The catalogue of errors: each code of the contract once, with its HTTP status and its text.</summary>
internal static class ApiErrors
{
    private static readonly TimeSpan UsualRetryAfter = TimeSpan.FromSeconds(5);

    public static readonly FixedError TokenMissing = Authentication(
        "token-missing", "The request has no token; send 'Authorization: Bearer TOKEN'.");

    public static readonly FixedError TokenMalformed = Authentication(
        "token-malformed", "The request's token is not a JSON Web Token; send one 'Authorization: Bearer TOKEN'.");

    public static readonly FixedError TokenExpired = Authentication(
        "token-expired", "The token has expired, does not say when it expires, or expires before it becomes valid.");

    public static readonly FixedError TokenNotYetValid = Authentication("token-not-yet-valid", "The token is not valid yet.");

    public static readonly FixedError TokenIssuerRefused = Authentication(
        "token-issuer-refused", "The token is of an issuer that is not trusted here.");

    public static readonly FixedError TokenAudienceRefused = Authentication("token-audience-refused", "The token is for another audience.");

    public static readonly FixedError TokenSignatureInvalid = Authentication(
        "token-signature-invalid", "The token's signature is not of a key that is trusted here.");

    public static readonly DetailedError<IReadOnlyList<string>> TokenAlgorithmRefused = Authentication<IReadOnlyList<string>>(
        "token-algorithm-refused",
        accepted => $"The token is signed with an algorithm that is not accepted; it must be one of {string.Join(", ", accepted)}.");

    public static readonly DetailedError<string> TokenHeaderRefused = Authentication<string>(
        "token-header-refused", why => $"The token's header is not accepted: {why}");

    public static readonly FixedError TokenSubjectMissing = Authentication("token-subject-missing", "The token names no subject.");

    public static readonly DetailedError<int> TokenIdInvalid = Authentication<int>(
        "token-id-invalid", max => $"The token's id (jti, or else uti) must be a text of 1 to {max} characters; it is required for revocation.");

    public static readonly DetailedError<(string Claim, string Expected)> TokenClaimsInvalid = Authentication<(string Claim, string Expected)>(
        "token-claims-invalid", invalid => $"The token's claim {invalid.Claim} must be {invalid.Expected}.");

    public static readonly FixedError TokenRevoked = Authentication("token-revoked", "The token was revoked.");

    public static readonly FixedError TooManyRequests = new(
        ErrorClass.RateLimit,
        "too-many-requests",
        StatusCodes.Status429TooManyRequests,
        "This caller sends too many requests; wait for the time in Retry-After.",
        UsualRetryAfter);

    public static readonly DetailedError<string> PermissionMissing = new(
        ErrorClass.Authorization,
        "permission-missing",
        StatusCodes.Status403Forbidden,
        permission => $"The token does not have the permission '{permission}'.")
    {
        Extend = (error, permission) => error.RequiredPermissions = [permission],
    };

    public static readonly FixedError AccountForbidden = new(
        ErrorClass.Authorization, "account-forbidden", StatusCodes.Status403Forbidden, "The token is for another account.");

    public static readonly DetailedError<string> ProjectForbidden = new(
        ErrorClass.Authorization,
        "project-forbidden",
        StatusCodes.Status403Forbidden,
        limit => $"The token is limited to projects of this account: {limit}");

    public static readonly DetailedError<long> AssemblyNotFound = NotFound<long>(
        "cloud-assembly-not-found", id => string.Create(CultureInfo.InvariantCulture, $"This project has no cloud assembly {id}."));

    public static readonly DetailedError<string> ProtectionNotFound = NotFound<string>(
        "protection-not-found", id => $"This cloud assembly has no protection '{Excerpt.Of(id)}'.");

    public static readonly DetailedError<long> PolicyNotFound = NotFound<long>(
        "protection-policy-not-found", id => string.Create(CultureInfo.InvariantCulture, $"This cloud assembly has no protection policy {id}."));

    public static readonly DetailedError<HttpRequest> OperationNotFound = NotFound<HttpRequest>(
        "operation-not-found", request => $"Unknown path '{Excerpt.Of($"{request.PathBase}{request.Path}")}'.");

    /// <summary>A path that takes other methods. Where items of a list are created by <c>PUT</c>, the text says so.</summary>
    public static readonly DetailedError<(string Method, string Allowed, bool PutBelow)> MethodNotAllowed = new(
        ErrorClass.NotFound,
        "method-not-allowed",
        StatusCodes.Status405MethodNotAllowed,
        asked => $"Method {Excerpt.Of(asked.Method)} is not allowed here; allowed: {asked.Allowed}."
            + (asked.PutBelow ? " To create an item, choose its id and PUT it at this path followed by '/' and the id." : ""))
    {
        Extend = (error, asked) => error.Allow = asked.Allowed,
    };

    public static readonly FixedError AssemblyBeingDeleted = Conflict(
        "assembly-being-deleted", "The cloud assembly is being deleted or has been deleted; a new one needs another id.");

    public static readonly DetailedError<ProtectionId> ProtectionRunning = Conflict<ProtectionId>(
        "protection-running", id => $"Protection {id} is still running; wait for its outcome.");

    public static readonly DetailedError<(ProtectionId Id, string Outcome)> ProtectionEnded = Conflict<(ProtectionId Id, string Outcome)>(
        "protection-ended", ended => $"Protection {ended.Id} has its outcome, {ended.Outcome}; there is nothing to cancel.");

    public static readonly DetailedError<ProtectionId> ProtectionLocked = Conflict<ProtectionId>(
        "protection-locked", id => $"Protection {id} is locked; unlock it first.");

    public static readonly DetailedError<ProtectionId> ProtectionPruned = Conflict<ProtectionId>(
        "protection-pruned", id => $"Protection {id} is being removed, or is gone; it is too late to lock it.");

    public static readonly DetailedError<(long Id, string Name)> PolicyNameTaken = Conflict<(long Id, string Name)>(
        "protection-policy-name-taken",
        other => string.Create(
            CultureInfo.InvariantCulture, $"Protection policy {other.Id} of this cloud assembly is called '{other.Name}' already; give another name."));

    public static readonly DetailedError<int> TooManyPolicies = Conflict<int>(
        "too-many-protection-policies", max => $"The cloud assembly has {max} protection policies, and can have no more.");

    public static readonly FixedError IdempotencyKeyReused = Conflict(
        "idempotency-key-reused", "This Idempotency-Key was used with another body; use a new key for a new request.");

    public static readonly FixedError ConcurrentChange = Conflict(
        "concurrent-change", "The update kept conflicting with concurrent changes; try again.");

    public static readonly DetailedError<(IReadOnlyDictionary<string, string> Fields, bool HasMore)> InvalidRequest = new(
        ErrorClass.Precondition,
        "invalid-request",
        StatusCodes.Status412PreconditionFailed,
        invalid => (invalid.HasMore ? $"More than {invalid.Fields.Count} fields are invalid. " : "")
            + string.Join(' ', invalid.Fields.Select(error => $"{error.Key}: {error.Value}")))
    {
        Extend = (error, invalid) => error.FieldErrors = invalid.Fields,
    };

    public static readonly DetailedError<string> BodyInvalid = Precondition<string>(
        "body-invalid", why => $"The body must be a JSON object; {why}.");

    public static readonly DetailedError<int> BodyTooLarge = Precondition<int>(
        "body-too-large", max => $"The body is larger than {max} bytes.");

    public static readonly DetailedError<string> TooLargeToStore = Precondition<string>("too-large-to-store", why => why);

    public static readonly FixedError PreconditionFailed = new(
        ErrorClass.Precondition,
        "precondition-failed",
        StatusCodes.Status412PreconditionFailed,
        "The current version does not match If-Match or If-None-Match; read it again.");

    public static readonly FixedError AssemblyDisabled = new(
        ErrorClass.Precondition,
        "assembly-disabled",
        StatusCodes.Status412PreconditionFailed,
        "The cloud assembly is disabled; enable it to protect it.");

    public static readonly DetailedError<string> CannotBeProtected = Precondition<string>(
        "cannot-be-protected", why => $"The cloud assembly cannot be protected as it is: {why}");

    public static readonly FixedError AuthorityUnavailable = Internal(
        "authority-unavailable",
        "The token's authority does not answer, so this token cannot be checked now; the same request may succeed later.",
        UsualRetryAfter);

    public static readonly DetailedError<string> ProviderUnavailable = new(
        ErrorClass.Internal,
        "provider-unavailable",
        StatusCodes.Status503ServiceUnavailable,
        why => $"The capture provider is not available: {why}",
        UsualRetryAfter);

    public static readonly FixedError StorageUnavailable = Internal(
        "storage-unavailable", "Storage is not available; try again later.", UsualRetryAfter);

    public static readonly FixedError AppStopping = Internal(
        "app-stopping", "This instance is stopping and could not finish the request; try again.", UsualRetryAfter);

    public static readonly DetailedError<string> InternalError = new(
        ErrorClass.Internal,
        "internal-error",
        StatusCodes.Status500InternalServerError,
        correlationId => $"An unexpected error occurred. The log has the details under correlation id {correlationId}.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiError> All =>
        [.. typeof(ApiErrors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(entry => entry.GetValue(null)).OfType<ApiError>()];

    private static FixedError Authentication(string code, string text) =>
        new(ErrorClass.Authentication, code, StatusCodes.Status401Unauthorized, text);

    private static DetailedError<T> Authentication<T>(string code, Func<T, string> text) =>
        new(ErrorClass.Authentication, code, StatusCodes.Status401Unauthorized, text);

    private static DetailedError<T> NotFound<T>(string code, Func<T, string> text) =>
        new(ErrorClass.NotFound, code, StatusCodes.Status404NotFound, text);

    private static FixedError Conflict(string code, string text) => new(ErrorClass.Conflict, code, StatusCodes.Status409Conflict, text);

    private static DetailedError<T> Conflict<T>(string code, Func<T, string> text) =>
        new(ErrorClass.Conflict, code, StatusCodes.Status409Conflict, text);

    private static DetailedError<T> Precondition<T>(string code, Func<T, string> text) =>
        new(ErrorClass.Precondition, code, StatusCodes.Status412PreconditionFailed, text);

    private static FixedError Internal(string code, string text, TimeSpan retryAfter) =>
        new(ErrorClass.Internal, code, StatusCodes.Status500InternalServerError, text, retryAfter);
}
