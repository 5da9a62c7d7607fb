using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>The custom status of an orchestration: the watchdog goes by its step, and an operator sees the rest.</summary>
/// <param name="Step">The latest step.</param>
/// <param name="Status">The protection's status; null of a deletion, and before it is known.</param>
/// <param name="Progress">How far the protection is; null where nothing is known (yet).</param>
public sealed record StepStatus(OrchestrationStep Step, ProtectionStatus? Status = null, CaptureProgress? Progress = null);
