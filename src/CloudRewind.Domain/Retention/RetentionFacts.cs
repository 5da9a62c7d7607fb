namespace CloudRewind.Domain.Retention;

/// <summary>The facts of one copy that retention depends on. The copy has its outcome, and its release is not decided.</summary>
/// <param name="ExpiresAt">When its retention ends, in UTC; null if its policy's count ends it.</param>
/// <param name="HasExplicitRetention">Whether the create request named its retention.</param>
/// <param name="IsLocked">Whether it is locked.</param>
/// <param name="IsLatestRecoveryPoint">Whether it is the latest recovery point of its assembly.</param>
public sealed record RetentionFacts(DateTimeOffset? ExpiresAt, bool HasExplicitRetention, bool IsLocked, bool IsLatestRecoveryPoint);
