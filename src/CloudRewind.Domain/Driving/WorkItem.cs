namespace CloudRewind.Domain.Driving;

/// <summary>Outstanding work. What it is done to may not exist: an item is written before the decision that creates the work.</summary>
/// <param name="Key">The work.</param>
/// <param name="RequestedAt">When the work was first listed, in UTC.</param>
/// <param name="ExpectedAt">From when on a step is expected, in UTC: when the work was last listed.</param>
/// <param name="DueAt">When the watchdog looks at it, in UTC.</param>
/// <param name="Version">Concurrency token (ETag).</param>
/// <param name="Generation">How many orchestrations of a deletion were replaced. A protection's own row has its number.</param>
/// <param name="OverdueAt">When its orchestration was first found overdue, or was replaced, in UTC; null if neither happened.</param>
public sealed record WorkItem(
    WorkKey Key,
    DateTimeOffset RequestedAt,
    DateTimeOffset ExpectedAt,
    DateTimeOffset DueAt,
    string Version,
    int Generation = 0,
    DateTimeOffset? OverdueAt = null);
