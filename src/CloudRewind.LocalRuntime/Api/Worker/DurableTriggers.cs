namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds a parameter to the durable client.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : Attribute;

/// <summary>Makes the function an orchestrator, which is replayed from its history.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : Attribute;

/// <summary>Makes the function an activity, which runs at least once for each call of an orchestrator.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : Attribute;
