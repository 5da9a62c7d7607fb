using System.ComponentModel;

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>What <see cref="FunctionClass"/> derives from: one run of one method is one invocation of the worker.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class FunctionsOfWorker
{
    private readonly FunctionInvoker invoker;

    /// <summary>For the derived class, which the WebJobs SDK makes for each run.</summary>
    protected FunctionsOfWorker(IServiceProvider services) => invoker = services.GetRequiredService<FunctionInvoker>();

    /// <summary>Runs the function of this name.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="arguments">The inputs, the trigger's first; then a binder, the run's context and a cancellation token.</param>
    /// <returns>What the function returned.</returns>
    public Task<object?> RunAsync(string function, object?[] arguments) => invoker.RunAsync(function, arguments);
}
