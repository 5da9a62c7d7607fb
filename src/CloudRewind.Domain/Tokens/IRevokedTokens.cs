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

    /// <summary>A part of the revoked tokens of an account.</summary>
    /// <param name="accountId">The account that the tokens are for.</param>
    /// <param name="skip">How many to leave out at the beginning.</param>
    /// <param name="take">How many to give at most.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<RevokedTokenPage> ListAsync(long accountId, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Revokes a token, permanently.</summary>
    /// <param name="accountId">The account that the token is for.</param>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>False where it was revoked before: the first record stays.</returns>
    Task<bool> AddAsync(long accountId, RevokedToken token, CancellationToken cancellationToken);
}
