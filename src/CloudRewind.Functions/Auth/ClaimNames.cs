namespace CloudRewind.Functions.Auth;

/// <summary>The names of the claims that this app reads, beside the registered ones of RFC 7519.</summary>
public static class ClaimNames
{
    /// <summary>The Cloud Rewind account: an int64 from 1.</summary>
    public const string AccountId = "account_id";

    /// <summary>The Cloud Rewind projects: a list of ids, or <see cref="EveryProject"/>.</summary>
    public const string Projects = "projects";

    /// <summary>A list of <see cref="Auth.Permissions"/>.</summary>
    public const string Permissions = "permissions";

    /// <summary>Stands for every project of the account.</summary>
    public const string EveryProject = "*";
}
