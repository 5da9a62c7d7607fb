using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Creates a cloud assembly, or replaces its definition.</summary>
public sealed class PutAwsCloudAssembly(
    ICloudAssemblyStore assemblies,
    AssemblyHistory protections,
    ICaptureProvider provider,
    TimeProvider time,
    ILogger<PutAwsCloudAssembly> log)
{
    /// <summary>201 for a new one, else 200. <c>If-Match</c> and <c>If-None-Match</c> guard against writing over what the client has not seen.</summary>
    [Function(nameof(PutAwsCloudAssembly))]
    [Requires(Permissions.WriteAssemblies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.Assembly)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var (key, by) = Authorizer.EnterAssembly(request, new FieldErrors());
        var definition = await AssemblyRequest.ReadAsync(request, provider, cancellationToken);
        var result = await assemblies.PutAsync(
            key, definition, current => Preconditions.AllowWrite(request, current?.Version), time.GetUtcNow(), by, cancellationToken);
        if (result is PutResult.AssemblyDeleted)
            throw ApiErrors.AssemblyBeingDeleted.Exception();
        if (result is not PutResult.Accepted(var assembly, var change))
            throw ApiErrors.PreconditionFailed.Exception();
        log.AssemblyChanged(key, change);
        return AssemblyResponse.Of(assembly, await protections.ReadAsync(key, cancellationToken), request.HttpContext.Response, assembly.Version == 1 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
