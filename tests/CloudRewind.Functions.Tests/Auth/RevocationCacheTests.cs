using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Auth;

public sealed class RevocationCacheTests : IDisposable
{
    private readonly InMemoryRevokedTokens revoked = new();
    private readonly FakeTimeProvider time = new();
    private readonly RevocationCache cache;

    public RevocationCacheTests() => cache = new RevocationCache(revoked, time);

    public void Dispose() => cache.Dispose();

    [Fact]
    public async Task A_token_in_use_is_read_once_in_half_a_minute_and_refused_after_it()
    {
        Assert.False(await IsRevokedAsync());
        await revoked.AddAsync(1, "token", null, time.GetUtcNow(), CancellationToken.None); // by another instance

        time.Advance(RevocationCache.Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.False(await IsRevokedAsync());
        Assert.Equal(1, revoked.Reads);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await IsRevokedAsync());
        Assert.Equal(2, revoked.Reads);
    }

    [Fact]
    public async Task A_token_that_is_revoked_here_is_refused_at_once()
    {
        Assert.False(await IsRevokedAsync());

        Assert.True(await cache.AddAsync(1, "token", "lost", CancellationToken.None));

        Assert.True(await IsRevokedAsync());
        Assert.False(await cache.AddAsync(1, "token", "lost", CancellationToken.None));
    }

    [Fact]
    public async Task Another_token_and_another_account_are_not_refused()
    {
        await cache.AddAsync(1, "token", null, CancellationToken.None);

        Assert.False(await cache.ContainsAsync(1, "other", CancellationToken.None));
        Assert.False(await cache.ContainsAsync(2, "token", CancellationToken.None));
    }

    private Task<bool> IsRevokedAsync() => cache.ContainsAsync(1, "token", CancellationToken.None);
}
