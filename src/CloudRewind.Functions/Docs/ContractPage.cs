using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Docs;

/// <summary>
/// The API's contract as a page to read and to try: Swagger UI, from the files in its package. A policy keeps it from loading anything from another origin.
/// </summary>
public sealed class ContractPage
{
    /// <summary>The page itself; the other files are beside it.</summary>
    public const string FileName = "index.html";

    // Swagger UI sets styles on elements, and has small pictures in its style sheet.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // There is one definition and one server: nothing to choose. The link to the definition would be shown as an address with "..".
    private const string Head = "<style>.topbar, .servers-title, .servers, .info .main .link { display: none }</style>";

    private readonly RequestDelegate files;

    /// <param name="services">The app's.</param>
    public ContractPage(IServiceProvider services)
    {
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "";
            options.DocumentTitle = "Cloud Rewind - AWS protections";
            options.SwaggerEndpoint("../openapi.yaml", "Cloud Rewind");
            options.HeadContent = Head;
        });
        pipeline.Run(http => throw ApiErrors.OperationNotFound.Exception(http.Request));
        files = pipeline.Build();
    }

    /// <summary>Answers with a file of the page.</summary>
    /// <exception cref="ApiException">404: there is no such file.</exception>
    public async Task ServeAsync(HttpContext http, string file)
    {
        var request = http.Request;
        var (folder, path, method) = (request.PathBase, request.Path, request.Method);
        try
        {
            // Swagger UI's own middleware goes by the path below the folder that it is in.
            request.PathBase = folder.Add(path.Value![..path.Value!.TrimEnd('/').LastIndexOf('/')]);
            request.Path = new PathString($"/{file}");
            request.Method = HttpMethods.Get; // Swagger UI knows no HEAD; the server leaves the body out by itself
            http.Response.Headers.ContentSecurityPolicy = Policy;
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.Remove("x-swagger-ui-version"); // clients need not know the software and its version
                return Task.CompletedTask;
            });
            await files(http);
        }
        finally
        {
            (request.PathBase, request.Path, request.Method) = (folder, path, method);
        }
    }
}
