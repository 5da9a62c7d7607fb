namespace CloudRewind.FunctionsHost.Timers;

/// <summary>What is kept of a timer between runs, in UTC; a host that starts later sees by it what was missed.</summary>
/// <param name="Last">When it last ran.</param>
/// <param name="Next">When it is due next.</param>
/// <param name="LastUpdated">When this was written.</param>
internal sealed record TimerState(DateTime Last, DateTime Next, DateTime LastUpdated);
