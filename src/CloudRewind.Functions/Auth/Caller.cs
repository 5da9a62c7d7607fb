using CloudRewind.Domain;
using CloudRewind.Functions.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace CloudRewind.Functions.Auth;

/// <summary>Who sent the request, by a token that was accepted.</summary>
public sealed class Caller
{
    /// <summary>The longest token id (<c>jti</c>, or Entra's <c>uti</c>) that is accepted and that can be revoked, in characters.</summary>
    public const int MaxTokenIdLength = 1_024;

    private readonly HashSet<string> projects;
    private readonly HashSet<string> permissions;

    private Caller(string subject, string tokenId, long accountId, HashSet<string> projects, HashSet<string> permissions)
    {
        Subject = subject;
        TokenId = tokenId;
        AccountId = accountId;
        this.projects = projects;
        this.permissions = permissions;
    }

    /// <summary>The token's <c>sub</c>.</summary>
    public string Subject { get; }

    /// <summary>The token's <c>jti</c>; where it has none, its <c>uti</c>.</summary>
    public string TokenId { get; }

    /// <summary>The account that the token is for.</summary>
    public long AccountId { get; }

    /// <summary>Reads the claims of a token that is valid. Without projects or permissions the token is good for nothing, which is no reason to refuse it.</summary>
    /// <param name="token">The token.</param>
    /// <param name="names">What its claims are called.</param>
    /// <exception cref="ApiException">401: a claim is missing or invalid.</exception>
    public static Caller Read(JsonWebToken token, ClaimNames names)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(names);
        if (string.IsNullOrWhiteSpace(token.Subject))
            throw ApiErrors.TokenSubjectMissing.Exception();
        if (IdOf(token) is not string tokenId || string.IsNullOrWhiteSpace(tokenId) || tokenId.Length > MaxTokenIdLength)
            throw ApiErrors.TokenIdInvalid.Exception(MaxTokenIdLength);
        if (!token.TryGetPayloadValue(names.AccountId, out object account) || AccountIdOf(account) is not { } accountId)
            throw ApiErrors.TokenClaimsInvalid.Exception((names.AccountId, "an account id, a whole number from 1"));
        return new Caller(
            token.Subject,
            tokenId,
            accountId,
            [.. Values(token, names.Projects)],
            [.. Values(token, names.Permissions).SelectMany(value => value.Split(' '))]);
    }

    /// <exception cref="ApiException">403: the token lacks the permission.</exception>
    public void Require(string permission)
    {
        if (!permissions.Contains(permission))
            throw ApiErrors.PermissionMissing.Exception(permission);
    }

    /// <exception cref="ApiException">403: the token is for another account.</exception>
    public void Require(long accountId)
    {
        if (accountId != AccountId)
            throw ApiErrors.AccountForbidden.Exception();
    }

    /// <exception cref="ApiException">403: the token is for other projects.</exception>
    public void RequireProject(string projectId)
    {
        if (!projects.Contains(projectId) && !projects.Contains(ClaimNames.EveryProject))
            throw ApiErrors.ProjectForbidden.Exception("it is for others.");
    }

    /// <summary>Whether it may revoke a token of its account. One that is limited to projects can revoke only itself: the other may be for projects that are not its own.</summary>
    /// <exception cref="ApiException">403: the token is limited to projects.</exception>
    public void RequireMayRevoke(string? tokenId)
    {
        if (tokenId != TokenId && !projects.Contains(ClaimNames.EveryProject))
            throw ApiErrors.ProjectForbidden.Exception("it can revoke only itself.");
    }

    /// <exception cref="ApiException">403: the token is limited to projects.</exception>
    public void RequireEveryProject()
    {
        if (!projects.Contains(ClaimNames.EveryProject))
            throw ApiErrors.ProjectForbidden.Exception("this operation needs all of them.");
    }

    private static object? IdOf(JsonWebToken token) =>
        token.TryGetPayloadValue(JwtRegisteredClaimNames.Jti, out object id) || token.TryGetPayloadValue(ClaimNames.EntraTokenId, out id)
            ? id
            : null;

    // A number comes as an int or a long only where it is written as an integer: 1.0 and 1e0 come as doubles.
    private static long? AccountIdOf(object claim)
    {
        long? id = claim switch
        {
            int number => number,
            long number => number,
            string text when WholeNumber.TryParse(text, out var number) => number,
            _ => null,
        };
        return id >= 1 ? id : null;
    }

    // A list comes as one claim for each entry, and a single text as one claim.
    private static IEnumerable<string> Values(JsonWebToken token, string name) =>
        token.Claims.Where(claim => claim.Type == name).Select(claim => claim.Value);
}
