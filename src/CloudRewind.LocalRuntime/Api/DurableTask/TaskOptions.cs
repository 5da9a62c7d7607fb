namespace Microsoft.DurableTask;

/// <summary>How an activity or a sub-orchestration is called.</summary>
public record TaskOptions
{
    private protected TaskOptions(RetryPolicy? retryPolicy) => RetryPolicy = retryPolicy;

    internal RetryPolicy? RetryPolicy { get; }

    /// <summary>Options that make a failed call again.</summary>
    /// <param name="policy">How often, and with which pauses.</param>
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);

    /// <summary>The same options for a sub-orchestration of a chosen id.</summary>
    /// <param name="instanceId">The sub-orchestration's instance id.</param>
    public SubOrchestrationOptions WithInstanceId(string instanceId) => new(this, instanceId);
}

/// <summary>How a sub-orchestration is called.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    internal SubOrchestrationOptions(TaskOptions options, string? instanceId)
        : base(options.RetryPolicy) => InstanceId = instanceId;

    /// <summary>The sub-orchestration's instance id; one is made from the parent's where there is none.</summary>
    public string? InstanceId { get; init; }
}

/// <summary>How a new orchestration is started.</summary>
public record StartOrchestrationOptions
{
    /// <summary>Makes the options.</summary>
    /// <param name="InstanceId">The instance id: 1 to 100 characters, none of <c>/ \ # ?</c> and no control characters, no leading <c>@</c>; a random one where there is none.</param>
    public StartOrchestrationOptions(string? InstanceId = null) => this.InstanceId = InstanceId;

    /// <summary>The instance id, or null for a random one.</summary>
    public string? InstanceId { get; init; }
}
