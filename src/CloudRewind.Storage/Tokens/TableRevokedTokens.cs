using Azure.Data.Tables;
using CloudRewind.Domain.Tokens;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Tokens;

/// <summary>
/// The table <c>RevokedTokens</c>: a token whose row is there is refused. Partition key: the account's id; row key: the token's <c>jti</c>
/// as <see cref="KeyText.Encode"/> writes it. The other columns are for people: <c>TokenId</c>, <c>Reason</c>, <c>RevokedAt</c>.
/// </summary>
public sealed class TableRevokedTokens(StorageTables tables) : IRevokedTokens
{
    private readonly TableClient table = tables.RevokedTokens;

    /// <inheritdoc/>
    public Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync(
            "read the revoked tokens",
            async () => await table.LookUpAsync(Keys.RevokedTokens.Partition(accountId), Keys.RevokedTokens.Token(tokenId), cancellationToken) is not null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddAsync(long accountId, string tokenId, string? reason, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Keys.RevokedTokens.Partition(accountId), Keys.RevokedTokens.Token(tokenId))
        {
            ["TokenId"] = tokenId,
            ["Reason"] = reason,
            ["RevokedAt"] = at,
        };
        return StorageErrors.GuardAsync(
            "revoke a token",
            async () => await Races.UnlessLostAsync(() => table.WriteAsync([new(TableTransactionActionType.Add, row)], cancellationToken)) is not null,
            cancellationToken);
    }
}
