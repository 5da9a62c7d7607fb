using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>The custom status of the orchestration, for whoever looks at the engine.</summary>
/// <param name="Status">The protection's status.</param>
/// <param name="Progress">How far it is; null where nothing is known (yet).</param>
public sealed record LifecycleStatus(ProtectionStatus Status, CaptureProgress? Progress);
