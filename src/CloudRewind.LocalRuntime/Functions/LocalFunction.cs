using System.Reflection;
using CloudRewind.LocalRuntime.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.LocalRuntime.Functions;

/// <summary>What starts a function.</summary>
internal enum FunctionKind
{
    /// <summary>An HTTP request.</summary>
    Http,

    /// <summary>A step of an orchestration.</summary>
    Orchestrator,

    /// <summary>A call of an orchestrator.</summary>
    Activity,

    /// <summary>A schedule.</summary>
    Timer,
}

/// <summary>A function of the app, with all that is needed to run it.</summary>
internal sealed class LocalFunction : FunctionDefinition
{
    public LocalFunction(string name) => Name = name;

    public override string Name { get; }

    public required FunctionKind Kind { get; init; }

    public required MethodInfo Method { get; init; }

    /// <summary>One for each parameter of the method, in order.</summary>
    public required IReadOnlyList<Func<LocalFunctionContext, object?>> Parameters { get; init; }

    /// <summary>Where an HTTP function is found; null for every other kind.</summary>
    public HttpRoute? Route { get; init; }

    /// <summary>When a timer function starts; null for every other kind.</summary>
    public string? Schedule { get; init; }
}
