namespace CloudRewind.Domain.Watchdog;

/// <summary>The latest step of an orchestration, as the engine knows it.</summary>
/// <param name="At">When it was made, in UTC.</param>
/// <param name="NextBy">When the next one is due, in UTC: the end of the wait that has begun, or <paramref name="At"/> while an activity works.</param>
public sealed record OrchestrationStep(DateTimeOffset At, DateTimeOffset NextBy);
