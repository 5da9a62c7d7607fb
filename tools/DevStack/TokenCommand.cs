using System.Globalization;
using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>Makes a development token that may allow less than everything. It works while a host runs: both read the same key.</summary>
internal static class TokenCommand
{
    /// <summary>The first option of the command.</summary>
    public const string Name = "token";

    private const string Usage = """
        usage: token [--account 1] [--project ID]... [--permissions NAME,NAME...]
        It prints a token that lasts for eight hours; without options, for account 1, all its projects and all permissions.
        """;

    /// <summary>Makes the token.</summary>
    /// <param name="options">What follows the command's name.</param>
    /// <param name="access">The development key; null where the settings say whose tokens to trust.</param>
    /// <exception cref="HostStartException">An option is invalid, or there is no development key.</exception>
    public static string Run(IReadOnlyList<string> options, DevelopmentAccess? access)
    {
        var (account, projects, permissions) = (1L, new List<string>(), new List<string>());
        for (var i = 0; i < options.Count; i += 2)
        {
            if (i + 1 == options.Count || string.IsNullOrWhiteSpace(options[i + 1]))
                throw new HostStartException(options[i] == "--help" ? Usage : $"'{options[i]}' is not an option with a value. {Usage}");
            var value = options[i + 1];
            switch (options[i])
            {
                case "--account" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out account) && account >= 1:
                    break;
                case "--account":
                    throw new HostStartException($"--account is '{value}'; it must be a whole number from 1.");
                case "--project":
                    projects.Add(value);
                    break;
                case "--permissions":
                    permissions.AddRange(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                    break;
                default:
                    throw new HostStartException($"'{options[i]}' is not an option. {Usage}");
            }
        }

        if (permissions.Except(DevelopmentAccess.Permissions).ToList() is { Count: > 0 } unknown)
            throw new HostStartException(
                $"'{unknown[0]}' is not a permission; those are {string.Join(", ", DevelopmentAccess.Permissions)}.");
        if (access is null)
        {
            throw new HostStartException(
                "There is no development token: an Auth__* setting says whose tokens to trust, or the environment is not Development.");
        }

        return access.CreateToken(
            account, projects.Count > 0 ? projects : ["*"], permissions.Count > 0 ? permissions : DevelopmentAccess.Permissions);
    }
}
