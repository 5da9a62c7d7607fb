namespace CloudRewind.Domain.Retention;

/// <summary>Why a copy is kept although a rule would have released it.</summary>
/// <param name="At">When that was last decided, in UTC.</param>
/// <param name="Reason">The reason, as text.</param>
public sealed record RetentionHold(DateTimeOffset At, string Reason);
