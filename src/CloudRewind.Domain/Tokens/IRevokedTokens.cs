namespace CloudRewind.Domain.Tokens;

/// <summary>Keeps the tokens that are refused although they are valid otherwise.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IRevokedTokens
{
    /// <summary>Whether a token was revoked: one point read.</summary>
    /// <param name="accountId">The account that the token is for.</param>
    /// <param name="tokenId">Its <c>jti</c>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellationToken);

    /// <summary>Revokes a token, for good.</summary>
    /// <param name="accountId">The account that the token is for.</param>
    /// <param name="tokenId">Its <c>jti</c>.</param>
    /// <param name="reason">Why, for a person to read; null where nobody said.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>False where it was revoked before: the first time and reason stay.</returns>
    Task<bool> AddAsync(long accountId, string tokenId, string? reason, DateTimeOffset at, CancellationToken cancellationToken);
}
