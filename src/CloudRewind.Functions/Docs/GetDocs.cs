using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Docs;

/// <summary>Redirects to the page that describes the API.</summary>
public sealed class GetDocs
{
    /// <summary>302 to <see cref="ContractPage.FileName"/> below this path.</summary>
    [Function(nameof(GetDocs))]
    [AllowAnonymous]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Docs)] HttpRequest request) =>
        Results.LocalRedirect($"{request.PathBase}{request.Path}".TrimEnd('/') + $"/{ContractPage.FileName}");
}
