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
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ApiException">401, 403, 412, then 404 where there is none.</exception>
    /// <exception cref="StoreUnavailableException">Storage does not answer.</exception>
    public async Task<Protection> FindAsync(HttpRequest request, string permission, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var text = QueryParameters.Required(request, "protection_id", errors);
        var assembly = await authorizer.AuthorizeAsync(request, permission, errors, cancellationToken);

        // An id of another assembly names nothing here: whether it exists there is not looked up, and so cannot be told.
        var protection = ProtectionId.TryParse(text, out var id) && id.Assembly == assembly
            ? await protections.FindAsync(id, cancellationToken)
            : null;
        return protection ?? throw ApiErrors.ProtectionNotFound.Exception(text);
    }

    /// <summary>As <see cref="FindAsync"/>, and 409 where the assembly is being deleted.</summary>
    public async Task<Protection> FindUndeletedAsync(HttpRequest request, string permission, CancellationToken cancellationToken) =>
        RequireUndeleted(await FindAsync(request, permission, cancellationToken));

    /// <exception cref="ApiException">409: the assembly is being deleted.</exception>
    internal static Protection RequireUndeleted(Protection protection) => protection.AssemblyIsBeingDeleted
        ? throw ApiErrors.AssemblyBeingDeleted.Exception()
        : protection;
}
