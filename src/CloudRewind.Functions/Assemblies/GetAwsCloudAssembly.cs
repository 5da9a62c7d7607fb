using CloudRewind.Domain.Assemblies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Shows a cloud assembly.</summary>
public sealed class GetAwsCloudAssembly(Authorizer authorizer, ICloudAssemblyStore assemblies)
{
    /// <summary>200, or 304 where the client has this version.</summary>
    [Function(nameof(GetAwsCloudAssembly))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Assembly)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var key = await authorizer.AuthorizeAsync(request, Permissions.ReadAssemblies, new FieldErrors(), cancellationToken);
        var assembly = await assemblies.FindAsync(key, cancellationToken) ?? throw ApiException.NoSuchAssembly(key.CloudAssemblyId);
        var answer = AssemblyResponse.Of(assembly, request.HttpContext.Response, StatusCodes.Status200OK);
        return Preconditions.ClientHas(request, assembly.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : answer;
    }
}
