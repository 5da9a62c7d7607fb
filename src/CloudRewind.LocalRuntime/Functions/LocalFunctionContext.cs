using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Functions;

/// <summary>One invocation, with what its trigger brought.</summary>
internal sealed class LocalFunctionContext(LocalFunction function, IServiceProvider services, CancellationToken cancellation)
    : FunctionContext
{
    public LocalFunction Function { get; } = function;

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => Function;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken { get; } = cancellation;

    public HttpContext? Http
    {
        get => this.GetHttpContext();
        init
        {
            if (value is not null)
                Items[FunctionContextExtensions.HttpContextKey] = value;
        }
    }

    public IReadOnlyDictionary<string, string?> RouteValues { get; init; } = new Dictionary<string, string?>();

    public TaskOrchestrationContext? Orchestration { get; init; }

    /// <summary>The activity's input as JSON.</summary>
    public string? ActivityInput { get; init; }

    public TimerInfo? Timer { get; init; }

    /// <summary>What the function returned.</summary>
    public object? Result { get; set; }
}
