using CloudRewind.Domain;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Http;

/// <summary>
/// Stands around every HTTP function: gives the request its correlation id and its span, and answers whatever is thrown with the body that
/// every refusal has. The Functions host would answer an exception with an empty one.
/// </summary>
public sealed class HttpBoundary(CrossOrigin crossOrigin, ILogger<HttpBoundary> log) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is not { } http)
        {
            await next(context); // an orchestrator must not await anything of ours
            return;
        }

        var correlationId = CorrelationId.Assign(http);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store"; // where the operation says nothing else
        if (crossOrigin.Answer(http))
            return;
        using var scope = log.BeginScope("correlation {CorrelationId}", correlationId);
        using var span = CloudRewindTelemetry.Spans.StartActivity(context.FunctionDefinition.Name);
        span?.SetTag("cloudrewind.correlation_id", correlationId);
        try
        {
            await next(context);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: nobody is left to answer.
        }
        catch (Exception error)
        {
            var refusal = RefusalOf(error, context.FunctionDefinition.Name, correlationId, context.CancellationToken);
            span?.SetTag("cloudrewind.refusal", refusal.Code);
            if (!http.Response.HasStarted)
                await refusal.ExecuteAsync(http);
        }
    }

    private Refusal RefusalOf(Exception error, string function, string correlationId, CancellationToken stopping)
    {
        switch (error)
        {
            case Refusal { StatusCode: < 500 } refusal:
                log.LogInformation("{Function} refused with {StatusCode} {Code}: {Reason}", function, refusal.StatusCode, refusal.Code, refusal.Message);
                return refusal;
            case Refusal refusal:
                log.LogError(refusal, "{Function} could not answer: {Code}", function, refusal.Code);
                return refusal;
            case OperationCanceledException when stopping.IsCancellationRequested:
                log.LogInformation("{Function} was cut short: the app is stopping", function);
                return Refusal.Stopping();
            case ConcurrencyException:
                log.LogWarning(error, "{Function} lost every race", function);
                return Refusal.Conflict("concurrent-change", "Others changed the same thing at the same time; try again.");
            case StoreUnavailableException:
                log.LogError(error, "{Function} could not answer: storage is unavailable", function);
                return Refusal.StorageUnavailable();
            default:
                log.LogError(error, "{Function} failed", function);
                return Refusal.InternalError(correlationId);
        }
    }
}
