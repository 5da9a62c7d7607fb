using CloudRewind.Functions.Settings;

namespace CloudRewind.Functions.Auth;

/// <summary>
/// The names of the claims that the app reads, beside the registered ones of RFC 7519. Authorities differ in which claims they can issue.
/// </summary>
/// <param name="AccountId">The Cloud Rewind account: an int64 from 1.</param>
/// <param name="Projects">The Cloud Rewind projects: a list of ids, or <see cref="EveryProject"/>.</param>
/// <param name="Permissions">
/// Some of <see cref="Auth.Permissions"/>: a list, or a text with spaces between them, as <c>scope</c> is in RFC 9068.
/// </param>
public sealed record ClaimNames(string AccountId = "account_id", string Projects = "projects", string Permissions = "permissions")
{
    /// <summary>Stands for every project of the account.</summary>
    public const string EveryProject = "*";

    /// <summary>Entra ID's name for <c>jti</c>: its tokens have no <c>jti</c>.</summary>
    public const string EntraTokenId = "uti";

    internal static ClaimNames Read(SettingsReader reader)
    {
        const string AccountSetting = "Auth__Claims__AccountId", ProjectsSetting = "Auth__Claims__Projects";
        const string PermissionsSetting = "Auth__Claims__Permissions";
        var defaults = new ClaimNames();
        var names = new ClaimNames(
            reader.Text(AccountSetting) ?? defaults.AccountId,
            reader.Text(ProjectsSetting) ?? defaults.Projects,
            reader.Text(PermissionsSetting) ?? defaults.Permissions);
        if (new HashSet<string> { names.AccountId, names.Projects, names.Permissions }.Count < 3)
        {
            reader.Error(
                $"{AccountSetting}, {ProjectsSetting} and {PermissionsSetting} must name three different claims; they name "
                + $"'{names.AccountId}', '{names.Projects}' and '{names.Permissions}'.");
        }

        return names;
    }
}
