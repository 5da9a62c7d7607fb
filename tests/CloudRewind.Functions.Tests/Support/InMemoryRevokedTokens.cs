using CloudRewind.Domain.Tokens;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Revoked tokens in memory, which counts how often it is asked.</summary>
internal sealed class InMemoryRevokedTokens : IRevokedTokens
{
    private readonly SortedDictionary<(long AccountId, string TokenId), RevokedToken> revoked = [];

    public int Reads { get; private set; }

    /// <summary>What each read waits for, once it has its answer.</summary>
    public Task Delay { get; set; } = Task.CompletedTask;

    public async Task<bool> ContainsAsync(long accountId, string tokenId, CancellationToken cancellationToken)
    {
        Reads++;
        var answer = revoked.ContainsKey((accountId, tokenId));
        await Delay;
        return answer;
    }

    public Task<RevokedTokenPage> ListAsync(long accountId, int skip, int take, CancellationToken cancellationToken)
    {
        var all = revoked.Where(pair => pair.Key.AccountId == accountId).Select(pair => pair.Value).ToList();
        return Task.FromResult(new RevokedTokenPage([.. all.Skip(skip).Take(take)], all.Count));
    }

    public Task<bool> AddAsync(long accountId, RevokedToken token, CancellationToken cancellationToken) =>
        Task.FromResult(revoked.TryAdd((accountId, token.TokenId), token));

    /// <summary>Revokes one, as another instance would.</summary>
    public Task AddAsync(long accountId, string tokenId) => AddAsync(accountId, new RevokedToken(tokenId, null, default, Actors.Test), CancellationToken.None);
}
