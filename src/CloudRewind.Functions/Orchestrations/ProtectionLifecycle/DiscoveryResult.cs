namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What came of looking for the resources. A fault is a result and no exception: what an orchestration is told of an exception is up to its host.</summary>
/// <param name="Found">How many there are to protect.</param>
/// <param name="Fault">Why they could not be found, cut to what a person reads; null where they could.</param>
public sealed record DiscoveryResult(int Found, string? Fault = null);
