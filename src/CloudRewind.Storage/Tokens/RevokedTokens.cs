using System.Globalization;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Tokens;

/// <summary>
/// The table <c>RevokedTokens</c>: a token whose row is there is refused. Partition key: the account's id; row key: the token's <c>jti</c>
/// as <see cref="KeyText.Encode"/> writes it. The other columns are for people: <c>TokenId</c>, <c>Reason</c>, <c>RevokedAt</c>.
/// </summary>
public sealed class RevokedTokens(StorageTables tables)
{
    private readonly TableClient table = tables.RevokedTokens;

    /// <summary>Whether a token was revoked: one point read.</summary>
    /// <exception cref="CloudRewind.Domain.StoreUnavailableException">Storage does not answer.</exception>
    public Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellation) =>
        StorageFaults.GuardAsync(
            "read the revoked tokens",
            async () => await table.FindAsync(accountId.ToString(CultureInfo.InvariantCulture), KeyText.Encode(tokenId), cancellation) is not null,
            cancellation);

    /// <summary>Revokes a token, for good.</summary>
    /// <param name="accountId">The account that the token is for.</param>
    /// <param name="tokenId">Its <c>jti</c>.</param>
    /// <param name="reason">Why, for a person to read; null where nobody said.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>False where it was revoked before: then the first time and reason stay.</returns>
    /// <exception cref="CloudRewind.Domain.StoreUnavailableException">Storage does not answer.</exception>
    public Task<bool> AddAsync(long accountId, string tokenId, string? reason, DateTimeOffset at, CancellationToken cancellation)
    {
        var row = new TableEntity(accountId.ToString(CultureInfo.InvariantCulture), KeyText.Encode(tokenId))
        {
            ["TokenId"] = tokenId,
            ["Reason"] = reason,
            ["RevokedAt"] = at,
        };
        return StorageFaults.GuardAsync("revoke a token", async () =>
        {
            try
            {
                await table.AddEntityAsync(row, cancellation);
                return true;
            }
            catch (RequestFailedException error) when (error.IsLostRace())
            {
                return false;
            }
        }, cancellation);
    }
}
