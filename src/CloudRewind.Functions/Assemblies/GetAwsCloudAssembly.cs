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
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Assembly)] HttpRequest request,
        string accountId,
        string projectId,
        string cloudAssemblyId,
        CancellationToken cancellation)
    {
        var key = await authorizer.AuthorizeAsync(
            request, Permissions.ReadAssemblies, new AssemblyPath(accountId, projectId, cloudAssemblyId), new FieldErrors(), cancellation);
        var assembly = await assemblies.FindAsync(key, cancellation) ?? throw Refusal.NoSuchAssembly(key.CloudAssemblyId);
        var answer = AssemblyAnswer.Of(assembly, request.HttpContext.Response, StatusCodes.Status200OK);
        return Preconditions.ClientHas(request, assembly.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : answer;
    }
}
