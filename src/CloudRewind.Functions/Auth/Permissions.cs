namespace CloudRewind.Functions.Auth;

/// <summary>The words that a token's <c>permissions</c> claim may hold.</summary>
public static class Permissions
{
    /// <summary>Read the status, the list and the timeline of protections.</summary>
    public const string ReadProtections = "aws-protections.read";

    /// <summary>Create protections.</summary>
    public const string CreateProtections = "aws-protections.create";

    /// <summary>Prune protections before their retention ends.</summary>
    public const string PruneProtections = "aws-protections.prune";

    /// <summary>Read cloud assemblies.</summary>
    public const string ReadAssemblies = "aws-assemblies.read";

    /// <summary>Create, change and delete cloud assemblies.</summary>
    public const string WriteAssemblies = "aws-assemblies.write";

    /// <summary>Revoke tokens of the account.</summary>
    public const string RevokeTokens = "tokens.revoke";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [ReadProtections, CreateProtections, PruneProtections, ReadAssemblies, WriteAssemblies, RevokeTokens];
}
