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

        Assert.True(await revoked.AddAsync(account, tokenId, "lost", Requests.Now, CancellationToken.None));
        Assert.False(await revoked.AddAsync(account, tokenId, null, Requests.Now, CancellationToken.None));

        Assert.True(await revoked.ContainsAsync(account, tokenId, CancellationToken.None));
        Assert.False(await revoked.ContainsAsync(account + 1_000_000_000, tokenId, CancellationToken.None));
        Assert.False(await revoked.ContainsAsync(account, $"{tokenId}2", CancellationToken.None));
    }
}
