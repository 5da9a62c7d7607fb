using CloudRewind.Domain.Tokens;
using Microsoft.Extensions.Caching.Memory;

namespace CloudRewind.Functions.Auth;

/// <summary>Asks <see cref="IRevokedTokens"/>, and remembers each answer for a while, so that a status lookup stays one table read.</summary>
public sealed class RevocationList(IRevokedTokens revoked) : IDisposable
{
    /// <summary>How long an answer is remembered: how late a revocation may take effect.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(30);

    private const int MostRemembered = 10_000;

    private readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    /// <summary>Whether a token was revoked.</summary>
    /// <exception cref="CloudRewind.Domain.StoreUnavailableException">Storage does not answer.</exception>
    public async Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellation)
    {
        var key = (accountId, tokenId);
        if (answers.TryGetValue(key, out bool remembered))
            return remembered;
        var answer = await revoked.ContainsAsync(accountId, tokenId, cancellation);
        return answers.Set(key, answer, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = RememberedFor, Size = 1 });
    }

    /// <inheritdoc/>
    public void Dispose() => answers.Dispose();
}
