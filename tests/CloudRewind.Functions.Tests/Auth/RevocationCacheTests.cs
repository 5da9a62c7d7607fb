using CloudRewind.Domain.Tokens;
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
        await revoked.AddAsync(1, "token"); // by another instance

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

        Assert.True(await RevokeAsync());

        Assert.True(await IsRevokedAsync());
        Assert.False(await RevokeAsync());
    }

    [Fact]
    public async Task A_read_that_began_before_the_revocation_does_not_undo_it()
    {
        var storage = new TaskCompletionSource();
        revoked.Delay = storage.Task;
        var early = IsRevokedAsync();

        await RevokeAsync();
        storage.SetResult();

        await early;
        Assert.True(await IsRevokedAsync());
    }

    [Fact]
    public async Task Requests_at_the_same_time_share_one_read()
    {
        var storage = new TaskCompletionSource();
        revoked.Delay = storage.Task;

        var answers = Enumerable.Range(0, 20).Select(_ => IsRevokedAsync()).ToArray();
        storage.SetResult();

        Assert.All(await Task.WhenAll(answers), Assert.False);
        Assert.Equal(1, revoked.Reads);
    }

    [Fact]
    public async Task A_request_that_ends_does_not_end_the_read_of_another()
    {
        var storage = new TaskCompletionSource();
        revoked.Delay = storage.Task;
        using var gone = new CancellationTokenSource();
        var first = cache.ContainsAsync(1, "token", gone.Token);
        var second = IsRevokedAsync();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        storage.SetResult();

        Assert.False(await second);
    }

    [Fact]
    public async Task A_read_that_fails_is_repeated_by_the_next_request()
    {
        revoked.Delay = Task.FromException(new IOException());
        await Assert.ThrowsAsync<IOException>(IsRevokedAsync);

        revoked.Delay = Task.CompletedTask;

        Assert.False(await IsRevokedAsync());
    }

    [Fact]
    public async Task Another_token_and_another_account_are_not_refused()
    {
        await RevokeAsync();

        Assert.False(await cache.ContainsAsync(1, "other", CancellationToken.None));
        Assert.False(await cache.ContainsAsync(2, "token", CancellationToken.None));
    }

    private Task<bool> RevokeAsync() => cache.AddAsync(1, new RevokedToken("token", "lost", time.GetUtcNow(), Actors.Test), CancellationToken.None);

    private Task<bool> IsRevokedAsync() => cache.ContainsAsync(1, "token", CancellationToken.None);
}
