namespace CloudRewind.Domain.Protections;

/// <summary>Something that was asked of a protection, and stands.</summary>
/// <param name="At">When it was first asked, in UTC.</param>
/// <param name="By">Who asked.</param>
/// <param name="Reason">Why, for a person to read.</param>
public sealed record Request(DateTimeOffset At, Actor By, string Reason);
