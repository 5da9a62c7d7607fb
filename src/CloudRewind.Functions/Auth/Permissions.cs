namespace CloudRewind.Functions.Auth;

/// <summary>The words that a token's <c>permissions</c> claim may hold.</summary>
public static class Permissions
{
    /// <summary>Read the status, the list and the timeline of protections.</summary>
    public const string ReadProtections = "aws-protections.read";

    /// <summary>Create protections, and cancel those that run.</summary>
    public const string CreateProtections = "aws-protections.create";

    /// <summary>Decide about what protections hold: prune before retention ends, lock and unlock.</summary>
    public const string PruneProtections = "aws-protections.prune";

    /// <summary>Read cloud assemblies.</summary>
    public const string ReadAssemblies = "aws-assemblies.read";

    /// <summary>Create, change and delete cloud assemblies.</summary>
    public const string WriteAssemblies = "aws-assemblies.write";

    /// <summary>Read protection policies, when they run next, and what they missed.</summary>
    public const string ReadPolicies = "aws-policies.read";

    /// <summary>Create, change and delete protection policies.</summary>
    public const string WritePolicies = "aws-policies.write";

    /// <summary>Revoke tokens of the account, and list those that were revoked.</summary>
    public const string RevokeTokens = "tokens.revoke";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [ReadProtections, CreateProtections, PruneProtections, ReadAssemblies, WriteAssemblies, ReadPolicies, WritePolicies, RevokeTokens];
}
