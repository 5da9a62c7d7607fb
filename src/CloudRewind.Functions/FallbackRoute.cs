using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions;

/// <summary>Answers the requests that no other function takes.</summary>
public sealed class FallbackRoute(Operations operations)
{
    /// <summary>The function's name. It begins with Z because the Functions host takes the first function, by name, that matches.</summary>
    public const string FunctionName = "ZUnknownOperation";

    // The catch-all itself takes every method and has none.
    private readonly (TemplateMatcher Route, IReadOnlyList<string> Methods)[] routes =
    [
        .. operations.All.Where(operation => operation.Methods is not null)
            .Select(operation => (new TemplateMatcher(TemplateParser.Parse(operation.Route), []), operation.Methods!)),
    ];

    /// <summary>404 for an unknown path, 405 for one that takes other methods; 302 to the page that describes the API where a path leads nowhere yet.</summary>
    [Function(FunctionName)]
    [AllowAnonymous]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Everything)] HttpRequest request, string? path)
    {
        if (PathOfDocs(request, path) is { } docs)
            return Results.LocalRedirect(docs);
        var requested = new PathString($"/{path}"); // decoded already: the conversion from a string would do so again
        var allowed = routes
            .Where(route => route.Route.TryMatch(requested, []))
            .SelectMany(route => route.Methods)
            .Select(method => method.ToUpperInvariant())
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToArray();
        throw allowed.Length == 0 ? ApiErrors.OperationNotFound.Exception(request) : ApiErrors.MethodNotAllowed.Exception((request.Method, string.Join(", ", allowed), CreatesBelow(requested)));
    }

    // Whether what a client would create here by POST has an id of the client's choice, and is put.
    private bool CreatesBelow(PathString list) =>
        routes.Any(route => route.Methods.Contains("put") && route.Route.TryMatch(list.Add("/1"), []));

    // The API's prefix and its version are what is typed first.
    private static string? PathOfDocs(HttpRequest request, string? path)
    {
        var (whole, below) = (request.Path.Value!.TrimEnd('/'), path?.TrimEnd('/') ?? "");
        var leadsNowhere = below is "" || below.Equals(Routes.Version, StringComparison.OrdinalIgnoreCase);
        return leadsNowhere && whole.EndsWith(below, StringComparison.Ordinal) && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            ? $"{request.PathBase}{whole[..^below.Length].TrimEnd('/')}/{Routes.Docs}"
            : null;
    }
}
