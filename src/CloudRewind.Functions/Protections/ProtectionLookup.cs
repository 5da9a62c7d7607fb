using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Protections;

/// <summary>Finds the protection that a request names by <c>protection_id</c>, for every operation on one protection.</summary>
public sealed class ProtectionLookup(Authorizer authorizer, IProtectionStore protections)
{
    /// <summary>The protection as it stands: one point read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="permission">What the operation needs, of <see cref="Permissions"/>.</param>
    /// <param name="path">The path's parameters, as they came.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="Refusal">401, 403, 412, then 404 where there is none, and 409 where its assembly is being deleted.</exception>
    /// <exception cref="StoreUnavailableException">Storage does not answer.</exception>
    public async Task<Protection> FindAsync(HttpRequest request, string permission, AssemblyPath path, CancellationToken cancellation)
    {
        var faults = new FieldErrors();
        var text = faults.RequireQuery(request, "protection_id");
        var assembly = await authorizer.AuthorizeAsync(request, permission, path, faults, cancellation);

        // An id of another assembly names nothing here: whether it exists there is not looked up, and so cannot be told.
        var protection = ProtectionId.TryParse(text, out var id) && id.Assembly == assembly
            ? await protections.FindAsync(id, cancellation)
            : null;
        return Served(protection, text);
    }

    /// <summary>The protection, if requests for it are answered.</summary>
    /// <exception cref="Refusal">404 or 409.</exception>
    internal static Protection Served(Protection? protection, string asked)
    {
        if (protection is null)
            throw Refusal.NoSuchProtection(asked);
        return protection.AssemblyIsBeingDeleted
            ? throw Refusal.Conflict("assembly-being-deleted", "The cloud assembly of this protection is being deleted.")
            : protection;
    }
}
