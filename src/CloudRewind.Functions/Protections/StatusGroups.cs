using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Protections;

/// <summary>The groups of states that a list of protections can be limited to.</summary>
internal static class StatusGroups
{
    /// <summary>By the group's name on the wire, its states; null for all of them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyCollection<ProtectionStatus>?> Groups { get; } = new Dictionary<string, IReadOnlyCollection<ProtectionStatus>?>(StringComparer.Ordinal)
    {
        ["ALL"] = null,
        ["IN_PROGRESS"] = [.. Enum.GetValues<ProtectionStatus>().Where(status => status.IsRunning())],
        ["ACTIVE"] = [ProtectionStatus.Success, ProtectionStatus.PartiallyProtected],
        ["FAILED"] = [ProtectionStatus.Failed, ProtectionStatus.PruningFailed],
    };
}
