using CloudRewind.Protections;

namespace CloudRewind.Functions.Protections;

/// <summary>A protection as the API lists it.</summary>
internal sealed record ProtectionAnswer(
    string Id, string Name, string Status, long ProtectionPolicyId, DateTime CreatedAt, DateTime UpdatedAt, DateTime ExpiresAt)
{
    public static ProtectionAnswer From(Protection protection) => new(
        protection.Id.ToString(),
        protection.Name,
        protection.Status.ToWireName(),
        protection.Id.PolicyId,
        protection.CreatedAt.UtcDateTime,
        protection.UpdatedAt.UtcDateTime,
        protection.ExpiresAt.UtcDateTime);
}
