using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Docs;

/// <summary>Serves the page that describes the API, and the files that it needs.</summary>
public sealed class GetDocsFile(ContractPage page)
{
    /// <summary>200 with the file, or 304 where the client has it.</summary>
    [Function(nameof(GetDocsFile))]
    [AllowAnonymous]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.DocsFile)] HttpRequest request, string file)
    {
        await page.ServeAsync(request.HttpContext, file);
        return Results.Empty;
    }
}
