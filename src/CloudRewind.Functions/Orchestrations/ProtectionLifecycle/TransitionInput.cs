using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>A transition to record.</summary>
/// <param name="Transition">The transition. Its time is the orchestration's, which is the same at each repetition.</param>
/// <param name="CorrelationId">Of the orchestration's input.</param>
/// <param name="CreatedAt">When the protection was created, in UTC; null in what an older version has started.</param>
public sealed record TransitionInput(ProtectionTransition Transition, string CorrelationId, DateTimeOffset? CreatedAt = null);
