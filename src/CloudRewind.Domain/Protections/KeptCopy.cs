namespace CloudRewind.Domain.Protections;

/// <summary>Why a copy is kept although a rule would have removed it.</summary>
/// <param name="At">When that was last found, in UTC.</param>
/// <param name="Reason">Why, for a person to read.</param>
public sealed record KeptCopy(DateTimeOffset At, string Reason);
