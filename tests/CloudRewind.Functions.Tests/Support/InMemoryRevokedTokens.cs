using CloudRewind.Domain.Tokens;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Revoked tokens in memory, which counts how often it is asked.</summary>
internal sealed class InMemoryRevokedTokens : IRevokedTokens
{
    private readonly HashSet<(long AccountId, string TokenId)> revoked = [];

    public int Reads { get; private set; }

    public Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(revoked.Contains((accountId, tokenId)));
    }

    public Task<bool> AddAsync(long accountId, string tokenId, string? reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        Task.FromResult(revoked.Add((accountId, tokenId)));
}
