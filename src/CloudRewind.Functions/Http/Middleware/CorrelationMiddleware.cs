using System.Diagnostics;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Http;

/// <summary>Gives a request its correlation id, for its log lines and its span, and its response the headers that every response has.</summary>
public sealed class CorrelationMiddleware(ILogger<CorrelationMiddleware> log) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext()!;
        var correlationId = CorrelationId.Assign(http);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store"; // where the operation says nothing else
        using var scope = log.BeginScope("correlation {CorrelationId}", correlationId);
        Activity.Current?.SetTag(CloudRewindTelemetry.CorrelationTag, correlationId);
        await next(context);
    }
}
