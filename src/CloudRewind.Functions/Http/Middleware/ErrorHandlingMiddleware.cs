using System.Diagnostics;
using CloudRewind.Domain;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Http;

/// <summary>Answers whatever an HTTP function throws, with the body that every error has. The Functions host would answer with an empty one.</summary>
public sealed class ErrorHandlingMiddleware(CloudRewindTelemetry telemetry, ILogger<ErrorHandlingMiddleware> log) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext()!;
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
            var answer = AnswerTo(error, context.FunctionDefinition.Name, CorrelationId.Of(http), context.CancellationToken);
            Activity.Current?.SetTag("cloudrewind.error_code", answer.Code);
            telemetry.CountError(context.FunctionDefinition.Name, answer.Code);
            if (!http.Response.HasStarted)
                await answer.WriteAsync(http);
        }
    }

    private ApiException AnswerTo(Exception error, string function, string correlationId, CancellationToken stopping)
    {
        switch (error)
        {
            case ApiException { StatusCode: < 500 } expected:
                log.LogInformation("{Function} refused with {StatusCode} {Code}: {Reason}", function, expected.StatusCode, expected.Code, expected.Message);
                return expected;
            case ApiException expected:
                log.LogError(expected, "{Function} could not answer: {Code}", function, expected.Code);
                return expected;
            case OperationCanceledException when stopping.IsCancellationRequested:
                log.LogInformation("{Function} was cut short: the app is stopping", function);
                return ApiErrors.AppStopping.Exception();
            case ConcurrencyException:
                log.LogWarning(error, "{Function} gave up after repeated write conflicts", function);
                return ApiErrors.ConcurrentChange.Exception();
            case StoreLimitException tooLarge:
                log.LogInformation("{Function} refused what is too large to store: {Reason}", function, tooLarge.Message);
                return ApiErrors.TooLargeToStore.Exception(tooLarge.Message);
            case StoreUnavailableException:
                log.LogError(error, "{Function} could not answer: storage is unavailable", function);
                return ApiErrors.StorageUnavailable.Exception();
            default:
                log.LogError(error, "{Function} failed", function);
                return ApiErrors.InternalError.Exception(correlationId);
        }
    }
}
