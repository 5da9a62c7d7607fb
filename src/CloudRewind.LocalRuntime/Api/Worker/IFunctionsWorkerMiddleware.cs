namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The next step of an invocation.</summary>
/// <param name="context">The invocation.</param>
public delegate Task FunctionExecutionDelegate(FunctionContext context);

/// <summary>A step that runs around every function.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Runs the step.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="next">The next step, in the end the function.</param>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
