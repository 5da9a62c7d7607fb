using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

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

    /// <summary>202: the protection, and where to ask for its status.</summary>
    /// <param name="request">A request to the collection of protections, or to an operation directly below it.</param>
    /// <param name="protection">The protection.</param>
    public static IResult Accepted(HttpRequest request, Protection protection)
    {
        const string Collection = "/protections";
        var path = request.Path.ToUriComponent();
        path = path[..(path.LastIndexOf(Collection, StringComparison.OrdinalIgnoreCase) + Collection.Length)];
        request.HttpContext.Response.Headers.Location =
            $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}{path}/status?protection_id={Uri.EscapeDataString(protection.Id.ToString())}";
        return Json.Answer(From(protection), StatusCodes.Status202Accepted);
    }
}
