using CloudRewind.Domain;
using CloudRewind.Domain.Tokens;
using CloudRewind.Storage.Tests.Support;
using CloudRewind.Storage.Tokens;

namespace CloudRewind.Storage.Tests.Tokens;

[Collection(StorageTests.Name)]
public sealed class TableRevokedTokensTests(StorageFixture storage)
{
    private readonly TableRevokedTokens revoked = new(storage.Tables);
    private readonly long account = StorageFixture.NewAssembly().AccountId;

    [Theory]
    [InlineData("4f0c")]
    [InlineData("a/b\\c#d?e")]
    [InlineData("' or '1' eq '1")]
    public async Task A_token_is_revoked_once_and_for_its_account_only(string tokenId)
    {
        Assert.False(await revoked.ContainsAsync(account, tokenId, CancellationToken.None));

        var first = new RevokedToken(tokenId, "lost", Requests.Now, new Actor("alice", "token-1", "correlation-1"));
        Assert.True(await revoked.AddAsync(account, first, CancellationToken.None));
        Assert.False(await revoked.AddAsync(account, first with { Reason = null, By = new Actor("bob", "token-2", "correlation-2") }, CancellationToken.None));

        Assert.True(await revoked.ContainsAsync(account, tokenId, CancellationToken.None));
        Assert.False(await revoked.ContainsAsync(account + 1_000_000_000, tokenId, CancellationToken.None));
        Assert.False(await revoked.ContainsAsync(account, $"{tokenId}2", CancellationToken.None));
        Assert.Equal([first], (await revoked.ListAsync(account, 0, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task They_are_listed_by_id_in_parts()
    {
        var by = new Actor("alice", "token-1", "correlation-1");
        foreach (var id in new[] { "c", "a", "b" })
            await revoked.AddAsync(account, new RevokedToken(id, null, Requests.Now, by), CancellationToken.None);

        var first = await revoked.ListAsync(account, 0, 2, CancellationToken.None);
        var second = await revoked.ListAsync(account, 2, 2, CancellationToken.None);

        Assert.Equal(["a", "b"], first.Items.Select(token => token.TokenId));
        Assert.Null(first.Total);
        Assert.Equal(["c"], second.Items.Select(token => token.TokenId));
        Assert.Equal(3, second.Total);
    }
}
