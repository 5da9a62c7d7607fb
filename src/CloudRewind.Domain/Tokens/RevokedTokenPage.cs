namespace CloudRewind.Domain.Tokens;

/// <summary>A part of the revoked tokens of an account, in the order of their ids.</summary>
/// <param name="Items">The tokens.</param>
/// <param name="Total">How many there are in all; null where there are more than were read.</param>
public sealed record RevokedTokenPage(IReadOnlyList<RevokedToken> Items, int? Total);
