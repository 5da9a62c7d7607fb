using DurableTask.Core.Exceptions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace CloudRewind.Conformance.Http;

/// <summary>Answers what the durable client refuses: 409 where the instance runs, 422 with the reason otherwise.</summary>
public sealed class Refusals : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OrchestrationAlreadyExistsException) when (context.GetHttpContext() is { } http)
        {
            await Results.Conflict().ExecuteAsync(http);
        }
        catch (Exception e) when (context.GetHttpContext() is { RequestAborted.IsCancellationRequested: false } http)
        {
            // Whatever the runtime's own exceptions are: that it refuses is documented, and not by which type.
            await Results.UnprocessableEntity($"{e.GetType()}: {e.Message}").ExecuteAsync(http);
        }
    }
}
