using CloudRewind.FunctionsHost.Functions;
using CloudRewind.FunctionsHost.Worker;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.Primitives;

namespace CloudRewind.FunctionsHost.Http;

/// <summary>
/// The routes of the HTTP functions. A request runs its function through the WebJobs SDK, as any trigger does, for its
/// bindings and its time limit.
/// </summary>
internal sealed class FunctionEndpoints(
    FunctionIndex index, WorkerSupervisor worker, HostSettings settings, IServiceProvider services, ILogger<FunctionEndpoints> log)
    : EndpointDataSource
{
    // A worker takes some seconds to start; who sent a request should hear by then.
    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource published = new();
    private IReadOnlyList<Endpoint> endpoints = [];

    /// <inheritdoc/>
    public override IReadOnlyList<Endpoint> Endpoints => endpoints;

    /// <inheritdoc/>
    public override IChangeToken GetChangeToken() =>
        new CancellationChangeToken(published.IsCancellationRequested ? CancellationToken.None : published.Token);

    /// <summary>Routes requests to the functions from now on.</summary>
    /// <exception cref="HostStartException">A function's route is invalid.</exception>
    public void Publish()
    {
        endpoints = [.. index.Functions.Where(function => function.Kind is TriggerKind.Http).Select(EndpointOf)];
        published.Cancel();
    }

    // The first function, by name, whose route and method match: so does the Azure Functions host choose.
    private Endpoint EndpointOf(WorkerFunction function, int order)
    {
        var route = $"{settings.RoutePrefix}/{function.Trigger.Value<string>("route") ?? function.Name}".TrimStart('/');
        RoutePattern pattern;
        try
        {
            pattern = RoutePatternFactory.Parse(route);
        }
        catch (RoutePatternException error)
        {
            throw new HostStartException($"The function {function.Name} has the route '{route}', which is invalid: {error.Message}");
        }

        var endpoint = new RouteEndpointBuilder(context => RunAsync(function, context), pattern, order) { DisplayName = function.Name };
        if (function.Trigger["methods"] is { } methods)
            endpoint.Metadata.Add(new HttpMethodMetadata(methods.Values<string>().Select(name => name!.ToUpperInvariant())));
        return endpoint.Build();
    }

    private async Task RunAsync(WorkerFunction function, HttpContext context)
    {
        if (context.Request.Headers.Host is [""])
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest; // it could not be passed on
            return;
        }

        try
        {
            await worker.CurrentAsync(context.RequestAborted).WaitAsync(RequestPatience); // here it does not count as the function's time
            var trigger = new Dictionary<string, object> { [WorkerFunction.NameOf(function.Trigger)] = context };
            await services.GetRequiredService<IJobHost>().CallAsync(function.Name, trigger, CancellationToken.None);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            var (status, message) = AnswerTo(error.GetBaseException());
            log.LogWarning("{Function} answers {Status}: {Message}", function.Name, status, message);
            context.Response.StatusCode = status;
            if (status == StatusCodes.Status503ServiceUnavailable)
                context.Response.Headers.RetryAfter = "1";
            await context.Response.WriteAsync(message);
        }
        catch (Exception error)
        {
            log.LogWarning("{Function} failed after its answer had begun: {Message}", function.Name, error.GetBaseException().Message);
        }
    }

    private static (int Status, string Message) AnswerTo(Exception error) => error switch
    {
        FunctionTimeoutException => (StatusCodes.Status504GatewayTimeout, "The function did not end within functionTimeout."),
        WorkerProcessExitException => (StatusCodes.Status503ServiceUnavailable, $"{error.Message} Another is started."),
        TimeoutException or OperationCanceledException => (StatusCodes.Status503ServiceUnavailable, "No worker is up."),
        WorkerRpcException => (StatusCodes.Status500InternalServerError, "The function failed; the host's console says why."),
        _ => (StatusCodes.Status502BadGateway, error.Message),
    };
}
