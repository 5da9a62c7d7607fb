using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Http;

/// <summary>Answers the requests that no other function takes.</summary>
public sealed class UnknownOperation
{
    /// <summary>The function's name. It begins with Z because the Functions host takes the first function, by name, that matches.</summary>
    public const string FunctionName = "ZUnknownOperation";

    private static readonly (TemplateMatcher Route, string[] Methods)[] Operations =
    [
        .. typeof(UnknownOperation).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .Where(trigger => trigger is { Methods: not null, Route: not null })
            .Select(trigger => (new TemplateMatcher(TemplateParser.Parse(trigger!.Route!), []), trigger.Methods!)),
    ];

    /// <summary>404 for an unknown path, 405 for one that takes other methods; 302 to the page that describes the API where a path leads nowhere yet.</summary>
    [Function(FunctionName)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Everything)] HttpRequest request, string? path)
    {
        if (PathOfDocs(request, path) is { } docs)
            return Results.LocalRedirect(docs);
        var requested = new PathString($"/{path}"); // decoded already: the conversion from a string would do so again
        var allowed = Operations
            .Where(operation => operation.Route.TryMatch(requested, []))
            .SelectMany(operation => operation.Methods)
            .Select(method => method.ToUpperInvariant())
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToArray();
        throw allowed.Length == 0 ? ApiErrors.OperationNotFound.Exception(request) : ApiErrors.MethodNotAllowed.Exception((request.Method, string.Join(", ", allowed), CreatesBelow(requested)));
    }

    // Whether what a client would create here by POST has an id of the client's choice, and is put.
    private static bool CreatesBelow(PathString list) =>
        Operations.Any(operation => operation.Methods.Contains("put") && operation.Route.TryMatch(list.Add("/1"), []));

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
