namespace CloudRewind.Domain.Policies;

/// <summary>A part of a list of missed due times.</summary>
/// <param name="Items">The due times, newest first.</param>
/// <param name="Total">How many there are in all; null where there are more than were read.</param>
public sealed record MissedRunPage(IReadOnlyList<MissedRun> Items, int? Total);
