namespace CloudRewind.Domain.Watchdog;

/// <summary>What the watchdog decides by. Times are in UTC.</summary>
/// <param name="AskAt">From when on the engine is asked about the work; null if no step is due unless it is requested.</param>
/// <param name="Generation">How many orchestrations of the work were replaced.</param>
/// <param name="StalledAt">From when on the work counts as stalled; null if it never does.</param>
/// <param name="EndAt">From when on the watchdog ends the run itself; null if there is no run.</param>
/// <param name="StepDueAt">When a step of the work is due, other than the one that its orchestration waits for.</param>
/// <param name="IsFinal">Whether nothing is left to do.</param>
public sealed record WatchedState(
    DateTimeOffset? AskAt,
    int Generation,
    DateTimeOffset? StalledAt,
    DateTimeOffset? EndAt = null,
    DateTimeOffset? StepDueAt = null,
    bool IsFinal = false);
