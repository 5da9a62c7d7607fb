using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Docs;

/// <summary>Serves the API's contract.</summary>
public sealed class GetOpenApi
{
    private const string ResourceName = "openapi.yaml";
    private const string MediaType = "application/yaml"; // RFC 9512

    /// <summary>200 with <c>openapi/cloud-rewind.v1.yaml</c>, as it is in the repository.</summary>
    [Function(nameof(GetOpenApi))]
    [AllowAnonymous]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.OpenApi)] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-cache";
        return Results.Stream(typeof(GetOpenApi).Assembly.GetManifestResourceStream(ResourceName)!, MediaType);
    }
}
