namespace Microsoft.Azure.Functions.Worker;

/// <summary>What is known about a function.</summary>
public abstract class FunctionDefinition
{
    /// <summary>The function's name.</summary>
    public abstract string Name { get; }
}
