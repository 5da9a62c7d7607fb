using CloudRewind.Domain.Tokens;
using Microsoft.Extensions.Caching.Memory;

namespace CloudRewind.Functions.Auth;

/// <summary>Asks <see cref="IRevokedTokens"/>, and remembers each answer for a while, so that a status lookup stays one table read.</summary>
public sealed class RevocationCache(IRevokedTokens revoked, TimeProvider time) : IDisposable
{
    /// <summary>How long an answer is remembered: a token that another instance revoked may be accepted for this long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const int MaxEntries = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(long AccountId, string TokenId), Task<bool>> reads = [];
    private readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = MaxEntries, Clock = new CacheClock(time) });

    /// <summary>Whether a token was revoked.</summary>
    /// <exception cref="Domain.StoreUnavailableException">Storage does not answer.</exception>
    public async Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellationToken) =>
        answers.TryGetValue((accountId, tokenId), out bool answer)
            ? answer
            : await ShareRead(accountId, tokenId).WaitAsync(cancellationToken);

    /// <summary>Revokes a token, permanently; this instance refuses it at once. As <see cref="IRevokedTokens.AddAsync"/>.</summary>
    /// <exception cref="Domain.StoreUnavailableException">Storage does not answer.</exception>
    public async Task<bool> AddAsync(long accountId, RevokedToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        var isNew = await revoked.AddAsync(accountId, token, cancellationToken);
        Remember(accountId, token.TokenId, isRevoked: true);
        return isNew;
    }

    /// <inheritdoc/>
    public void Dispose() => answers.Dispose();

    // Requests that miss at the same time wait for one read. No request cancels it: storage has its own time limit.
    private Task<bool> ShareRead(long accountId, string tokenId)
    {
        lock (gate)
        {
            if (!reads.TryGetValue((accountId, tokenId), out var read))
                reads.Add((accountId, tokenId), read = Task.Run(() => ReadAsync(accountId, tokenId)));
            return read;
        }
    }

    private async Task<bool> ReadAsync(long accountId, string tokenId)
    {
        try
        {
            return Remember(accountId, tokenId, await revoked.ContainsAsync(accountId, tokenId, CancellationToken.None));
        }
        finally
        {
            lock (gate)
                reads.Remove((accountId, tokenId));
        }
    }

    private bool Remember(long accountId, string tokenId, bool isRevoked)
    {
        lock (gate)
        {
            // A read that began before the revocation must not undo it.
            isRevoked |= answers.TryGetValue((accountId, tokenId), out bool known) && known;
            var options = new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 };
            return answers.Set((accountId, tokenId), isRevoked, options);
        }
    }
}
