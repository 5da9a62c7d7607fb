using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace CloudRewind.FunctionsHost.Probe;

/// <summary>Fails an invocation before its request is asked for.</summary>
internal sealed class ThrowingMiddleware : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FunctionDefinition.Name == nameof(HttpFunctions.FailsBeforeItRuns)
        ? throw new InvalidOperationException("The probe's middleware was told to fail.")
        : next(context);
}
