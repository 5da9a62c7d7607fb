using CloudRewind.Domain.Assemblies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Shows a cloud assembly, with its last protection, its newest good copy, and its changes.</summary>
public sealed class GetAwsCloudAssembly(ICloudAssemblyStore assemblies, AssemblyHistory protections)
{
    /// <summary>200, or 304 where the client has this version.</summary>
    [Function(nameof(GetAwsCloudAssembly))]
    [Requires(Permissions.ReadAssemblies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Assembly)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var (key, _) = Authorizer.EnterAssembly(request, new FieldErrors());
        var assembly = await assemblies.FindAsync(key, cancellationToken) ?? throw ApiErrors.AssemblyNotFound.Exception(key.CloudAssemblyId);
        var changes = assemblies.ListChangesAsync(key, ChangeResponse.Most, cancellationToken);
        var history = await protections.ReadAsync(key, cancellationToken);
        var answer = AssemblyResponse.Of(assembly, history, request.HttpContext.Response, StatusCodes.Status200OK, await changes);
        return Preconditions.ClientHas(request, AssemblyResponse.TagOf(assembly, history.Last, history.NewestGood)) ? Results.StatusCode(StatusCodes.Status304NotModified) : answer;
    }
}
