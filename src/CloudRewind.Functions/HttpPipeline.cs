using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.Functions;

/// <summary>What stands around every HTTP function.</summary>
internal static class HttpPipeline
{
    /// <summary>Adds it, in this order. Other functions pass it by: an orchestrator must not await anything but its own tasks.</summary>
    public static IFunctionsWorkerApplicationBuilder UseHttpMiddleware(this IFunctionsWorkerApplicationBuilder builder) => builder
        .UseWhen<CorrelationMiddleware>(IsHttp)
        .UseWhen<CorsMiddleware>(IsHttp)
        .UseWhen<ErrorHandlingMiddleware>(IsHttp)
        .UseWhen<AuthorizationMiddleware>(IsHttp);

    private static bool IsHttp(FunctionContext context) => context.GetHttpContext() is not null;
}
