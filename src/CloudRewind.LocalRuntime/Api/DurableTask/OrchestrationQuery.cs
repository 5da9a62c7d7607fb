namespace Microsoft.DurableTask.Client;

/// <summary>Which orchestrations a query answers with.</summary>
public record OrchestrationQuery
{
    /// <summary>Those in one of these states; in any where there is none.</summary>
    public IEnumerable<OrchestrationRuntimeStatus>? Statuses { get; init; }

    /// <summary>Those whose instance id begins so.</summary>
    public string? InstanceIdPrefix { get; init; }

    /// <summary>Whether to read input, output and custom status as well.</summary>
    public bool FetchInputsAndOutputs { get; init; }
}
