namespace CloudRewind.Domain.Protections;

/// <summary>Something that happened to a protection and is no transition; what is written once and never changes.</summary>
/// <param name="Id">The protection.</param>
/// <param name="Number">From 0, without gaps.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Reason">Why, for a person to read; cut to <see cref="ReasonText.MaxLength"/> characters.</param>
/// <param name="By">Who did it.</param>
public sealed record ProtectionEvent(ProtectionId Id, int Number, ProtectionEventKind Kind, DateTimeOffset At, string Reason, Actor By)
{
    /// <summary>Why, for a person to read; at most <see cref="ReasonText.MaxLength"/> characters.</summary>
    public string Reason { get; init => field = ReasonText.Cut(value); } = ReasonText.Cut(Reason);
}
