using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Protections;

/// <summary>Finds the protection that a request names by <c>protection_id</c>, for every operation on one protection.</summary>
public sealed class ProtectionAccess(IProtectionStore protections)
{
    /// <summary>The protection as it stands: one point read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ApiException">403, 412, then 404 where there is none.</exception>
    /// <exception cref="StoreUnavailableException">Storage does not answer.</exception>
    public async Task<(Protection Protection, Actor By)> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var text = QueryParameters.Required(request, "protection_id", errors);
        var (assembly, by) = Authorizer.EnterAssembly(request, errors);

        // An id of another assembly names nothing here: whether it exists there is not looked up, and so cannot be told.
        var protection = ProtectionId.TryParse(text, out var id) && id.Assembly == assembly
            ? await protections.FindAsync(id, cancellationToken)
            : null;
        return (protection ?? throw ApiErrors.ProtectionNotFound.Exception(text), by);
    }

    /// <summary>As <see cref="FindAsync"/>, and 409 where the assembly is being deleted.</summary>
    public async Task<(Protection Protection, Actor By)> FindUndeletedAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var found = await FindAsync(request, cancellationToken);
        RequireUndeleted(found.Protection);
        return found;
    }

    /// <exception cref="ApiException">409: the assembly is being deleted.</exception>
    internal static Protection RequireUndeleted(Protection protection) => protection.AssemblyIsBeingDeleted
        ? throw ApiErrors.AssemblyBeingDeleted.Exception()
        : protection;
}
