using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Protections;

/// <summary>A protection as the API lists it.</summary>
internal sealed record ProtectionResponse(
    string Id,
    string Name,
    string Status,
    string? Outcome,
    long ProtectionPolicyId,
    string? ProtectionPolicyName,
    bool IsLocked,
    string? Duration,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    DateTime? ExpiresAt)
{
    public static ProtectionResponse From(Protection protection) => new(
        protection.Id.ToString(),
        protection.Name,
        protection.Status.ToWireName(),
        protection.Outcome?.ToWireName(),
        protection.Id.PolicyId,
        protection.PolicyName,
        protection.Lock is not null,
        protection.OutcomeAt - protection.CreatedAt is { } duration ? IsoDuration.Format(TimeSpan.FromSeconds(Math.Round(duration.TotalSeconds))) : null,
        protection.CreatedAt.UtcDateTime,
        protection.UpdatedAt.UtcDateTime,
        protection.ExpiresAt?.UtcDateTime);

    /// <summary>202: the protection, and where to ask for its status.</summary>
    public static IResult Accepted(HttpRequest request, Protection protection)
    {
        request.HttpContext.Response.Headers.Location = Routes.StatusUrl(request, protection.Id);
        return Json.Answer(From(protection), StatusCodes.Status202Accepted);
    }
}
