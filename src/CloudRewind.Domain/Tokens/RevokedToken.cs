namespace CloudRewind.Domain.Tokens;

/// <summary>A token that is refused although it is valid otherwise.</summary>
/// <param name="TokenId">Its <c>jti</c>; never the token itself.</param>
/// <param name="Reason">Why, for a person to read; null where none was given.</param>
/// <param name="At">When it was revoked, in UTC.</param>
/// <param name="By">Who revoked it.</param>
public sealed record RevokedToken(string TokenId, string? Reason, DateTimeOffset At, Actor By);
