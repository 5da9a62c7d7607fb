namespace CloudRewind.Domain.Watchdog;

/// <summary>The result of a look at an item of the work list.</summary>
/// <param name="Action">What to do.</param>
/// <param name="DueAt">When the next look is due, in UTC; null unless the item is postponed.</param>
/// <param name="IsStalled">Whether the work has made no progress for too long, which is reported.</param>
/// <param name="IsOverdueFound">Whether this look is the one that has found the orchestration overdue, or has replaced it.</param>
public sealed record WatchDecision(WatchAction Action, DateTimeOffset? DueAt = null, bool IsStalled = false, bool IsOverdueFound = false);
