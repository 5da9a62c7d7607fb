namespace CloudRewind.Domain.Policies;

/// <summary>A person's change of a policy; what is written once and never changes.</summary>
/// <param name="Version">The policy's version then, from 1.</param>
/// <param name="Kind">What was done.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="By">Who did it.</param>
public sealed record PolicyChange(int Version, PolicyChangeKind Kind, DateTimeOffset At, Actor By);
