namespace CloudRewind.Domain.Policies;

/// <summary>A due time without a protection.</summary>
/// <param name="DueAt">The due time, in UTC.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The same for a person to read.</param>
/// <param name="RecordedAt">When that was found, in UTC.</param>
public sealed record MissedRun(DateTimeOffset DueAt, MissedReason Reason, string Detail, DateTimeOffset RecordedAt);
