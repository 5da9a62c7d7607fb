using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace CloudRewind.Functions.Http;

/// <summary>Tells browsers which pages of other origins may call the API. Where no setting names one, nothing is said, and browsers let none.</summary>
public sealed class CorsMiddleware(CrossOriginOptions options, ICorsService cors) : IFunctionsWorkerMiddleware
{
    private readonly CorsPolicy? policy = options.Policy;

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (policy is not null)
        {
            var http = context.GetHttpContext()!;
            var result = cors.EvaluatePolicy(http, policy);
            cors.ApplyResult(result, http.Response);
            if (result.IsPreflightRequest)
            {
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }
        }

        await next(context);
    }
}
