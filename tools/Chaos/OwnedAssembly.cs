using System.Globalization;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>A cloud assembly of a round.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Definitions">The bodies that are put: the first one to create it, and any of them later.</param>
internal sealed record OwnedAssembly(AssemblyAddress Address, IReadOnlyList<string> Definitions)
{
    private readonly string prefix = string.Create(
        CultureInfo.InvariantCulture, $"t{Address.AccountId}:{Address.ProjectId}:{Address.CloudAssemblyId}:");

    /// <summary>Whether a protection is of this assembly.</summary>
    public bool Owns(string protectionId) => protectionId.StartsWith(prefix, StringComparison.Ordinal);
}
