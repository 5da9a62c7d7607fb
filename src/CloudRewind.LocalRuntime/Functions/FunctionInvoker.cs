using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.LocalRuntime.Functions;

/// <summary>Runs a function inside the app's middleware.</summary>
internal sealed class FunctionInvoker
{
    private readonly FunctionExecutionDelegate _pipeline;

    /// <param name="middleware">The first is the outermost.</param>
    public FunctionInvoker(IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware) =>
        _pipeline = middleware.Reverse().Aggregate((FunctionExecutionDelegate)CallAsync, (next, step) => step(next));

    /// <summary>Runs middleware and function; what the function returned is in the context then.</summary>
    // Async, so that what throws before its first await fails the invocation like everything else. No ConfigureAwait
    // anywhere here: for an orchestrator this runs on the orchestrator's own thread.
    public async Task InvokeAsync(LocalFunctionContext context) => await _pipeline(context);

    private static async Task CallAsync(FunctionContext functionContext)
    {
        var context = (LocalFunctionContext)functionContext;
        var method = context.Function.Method;
        var target = method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, method.DeclaringType!);
        try
        {
            var arguments = context.Function.Parameters.Select(bind => bind(context)).ToArray();
            var returned = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            context.Result = await ResultOf(returned, method.ReturnType);
        }
        finally
        {
            if (target is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else
                (target as IDisposable)?.Dispose();
        }
    }

    private static async Task<object?> ResultOf(object? returned, Type declared)
    {
        if (returned is ValueTask valueTask)
            returned = valueTask.AsTask();
        else if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
            returned = declared.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(returned, null);
        if (returned is not Task task)
            return returned;

        await task;
        return declared.IsGenericType ? task.GetType().GetProperty(nameof(Task<int>.Result))!.GetValue(task) : null;
    }
}
