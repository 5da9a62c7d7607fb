using System.Globalization;
using Azure.Data.Tables;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Tokens;

/// <summary>
/// The table <c>RevokedTokens</c>: a token whose row is there is refused. Partition key: the account's id; row key: the token's <c>jti</c>
/// as <see cref="KeyText.Encode"/> writes it. No other column is read.
/// </summary>
public sealed class RevokedTokens(StorageTables tables)
{
    private readonly TableClient table = tables.RevokedTokens;

    /// <summary>Whether a token was revoked: one point read.</summary>
    /// <exception cref="CloudRewind.Protections.StoreUnavailableException">Storage does not answer.</exception>
    public Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellation) =>
        StorageFaults.GuardAsync(
            "read the revoked tokens",
            async () => await table.FindAsync(accountId.ToString(CultureInfo.InvariantCulture), KeyText.Encode(tokenId), cancellation) is not null,
            cancellation);
}
