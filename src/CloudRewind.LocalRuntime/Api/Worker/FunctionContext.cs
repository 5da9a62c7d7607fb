namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>The invocation's id, unique to it.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The services of the invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function that is invoked.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>What the middleware of this invocation share.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Fires when the caller has gone away (HTTP) or the app stops (every other kind).</summary>
    public virtual CancellationToken CancellationToken { get; } = CancellationToken.None;
}
