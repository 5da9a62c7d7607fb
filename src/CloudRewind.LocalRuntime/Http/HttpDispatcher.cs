using CloudRewind.LocalRuntime.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Http;

/// <summary>Takes each request to the first function, by name, whose route and methods match.</summary>
internal sealed class HttpDispatcher(
    FunctionCatalog catalog, FunctionInvoker invoker, string routePrefix, IServiceScopeFactory scopes, ILogger<HttpDispatcher> logger)
{
    private readonly LocalFunction[] _functions = [.. catalog.All.Where(f => f.Kind == FunctionKind.Http)];
    private readonly PathString _prefix = routePrefix.Length == 0 ? PathString.Empty : $"/{routePrefix}";

    public async Task HandleAsync(HttpContext http)
    {
        if (Find(http.Request) is not var (function, values))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        foreach (var (name, value) in values)
            http.Request.RouteValues[name] = value;
        try
        {
            await InvokeAsync(http, function, values);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone away: nobody is left to answer.
        }
        catch (Exception e)
        {
            logger.LogError(e, "The function {Function} failed", function.Name);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async Task InvokeAsync(HttpContext http, LocalFunction function, IReadOnlyDictionary<string, string?> values)
    {
        await using var scope = scopes.CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        var context = new LocalFunctionContext(function, scope.ServiceProvider, http.RequestAborted) { Http = http, RouteValues = values };
        await invoker.InvokeAsync(context);

        // Outside of the middleware, as in the real worker: it has seen the result, and not yet the response.
        if (context.Result is IResult result && !http.Response.HasStarted)
            await result.ExecuteAsync(http);
    }

    private (LocalFunction Function, Dictionary<string, string?> Values)? Find(HttpRequest request)
    {
        if (!request.Path.StartsWithSegments(_prefix, StringComparison.OrdinalIgnoreCase, out var below))
            return null;

        foreach (var function in _functions)
        {
            if (function.Route!.Matches(request.Method, below, out var values))
                return (function, values);
        }

        return null;
    }
}
