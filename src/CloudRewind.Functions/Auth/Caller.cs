using System.Globalization;
using System.Security.Claims;
using CloudRewind.Functions.Http;

namespace CloudRewind.Functions.Auth;

/// <summary>Who sent the request, by a token that was accepted.</summary>
public sealed class Caller
{
    private readonly HashSet<string> projects;
    private readonly HashSet<string> permissions;

    private Caller(long accountId, HashSet<string> projects, HashSet<string> permissions)
    {
        AccountId = accountId;
        this.projects = projects;
        this.permissions = permissions;
    }

    /// <summary>The account that the token is for.</summary>
    public long AccountId { get; }

    /// <summary>Reads the claims. Without projects or permissions the token is good for nothing, which is no reason to refuse it.</summary>
    /// <exception cref="ApiException">401: the account is missing or no account id.</exception>
    public static Caller Read(ClaimsIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return Values(identity, ClaimNames.AccountId) is [var account]
            && long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var accountId)
            && accountId >= 1
                ? new Caller(accountId, [.. Values(identity, ClaimNames.Projects)], [.. Values(identity, ClaimNames.Permissions)])
                : throw ApiException.TokenRefused("token-claims-invalid", $"The token's claim {ClaimNames.AccountId} is missing or is not an account id, a whole number from 1.");
    }

    /// <exception cref="ApiException">403: the token lacks the permission.</exception>
    public void Require(string permission)
    {
        if (!permissions.Contains(permission))
            throw ApiException.PermissionMissing(permission);
    }

    /// <exception cref="ApiException">403: the token is for another account.</exception>
    public void Require(long accountId)
    {
        if (accountId != AccountId)
            throw ApiException.Forbidden("account-forbidden", "The token is for another account.");
    }

    /// <exception cref="ApiException">403: the token is for other projects.</exception>
    public void RequireProject(string projectId)
    {
        if (!projects.Contains(projectId) && !projects.Contains(ClaimNames.EveryProject))
            throw ApiException.Forbidden("project-forbidden", "The token is for other projects of this account.");
    }

    // A list comes as one claim for each entry, and a single text as one claim.
    private static string[] Values(ClaimsIdentity identity, string name) =>
        [.. identity.FindAll(name).Select(claim => claim.Value)];
}
