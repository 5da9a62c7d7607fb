using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Tokens;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Tokens;

/// <summary>
/// The table <c>RevokedTokens</c>: a token whose row is there is refused. Partition key: the account's id; row key: the token's <c>jti</c>
/// as <see cref="KeyText.Encode"/> writes it. The other columns are the record: <c>TokenId</c>, <c>Reason</c>, <c>At</c>, <c>By</c>.
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
    public Task<RevokedTokenPage> ListAsync(long accountId, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.RevokedTokens.Partition(accountId)}");
        return StorageErrors.GuardAsync("list the revoked tokens", async () =>
        {
            var (rows, total) = await table.PageAsync(filter, skip, take, cancellationToken);
            return new RevokedTokenPage([.. rows.Select(Read)], total);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> AddAsync(long accountId, RevokedToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        var row = new TableEntity(Keys.RevokedTokens.Partition(accountId), Keys.RevokedTokens.Token(token.TokenId))
        {
            [nameof(RevokedToken.TokenId)] = token.TokenId,
            [nameof(RevokedToken.Reason)] = token.Reason,
            [nameof(RevokedToken.At)] = token.At,
        };
        row.WriteJson(nameof(RevokedToken.By), token.By);
        return StorageErrors.GuardAsync(
            "revoke a token",
            async () => await Races.UnlessLostAsync(() => table.WriteAsync([new(TableTransactionActionType.Add, row)], cancellationToken)) is not null,
            cancellationToken);
    }

    private static RevokedToken Read(TableEntity row) => new(
        row.Text(nameof(RevokedToken.TokenId)),
        row.GetString(nameof(RevokedToken.Reason)),
        row.Time(nameof(RevokedToken.At)),
        row.ReadJson<Actor>(nameof(RevokedToken.By))!);
}
