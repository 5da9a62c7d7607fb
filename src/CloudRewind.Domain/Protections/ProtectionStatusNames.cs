using System.Collections.Frozen;

namespace CloudRewind.Domain.Protections;

/// <summary>The spelling of each <see cref="ProtectionStatus"/> in the API and in storage: kebab-case, as the API's document fixes it.</summary>
public static class ProtectionStatusNames
{
    private static readonly FrozenDictionary<ProtectionStatus, string> Names = new Dictionary<ProtectionStatus, string>
    {
        [ProtectionStatus.Created] = "created",
        [ProtectionStatus.Preparing] = "preparing",
        [ProtectionStatus.PreparationCompleted] = "preparation-completed",
        [ProtectionStatus.InProgress] = "in-progress",
        [ProtectionStatus.PartiallyProtected] = "partially-protected",
        [ProtectionStatus.Success] = "success",
        [ProtectionStatus.Skipped] = "skipped",
        [ProtectionStatus.Failed] = "failed",
        [ProtectionStatus.PruningFailed] = "pruning-failed",
        [ProtectionStatus.Elapsed] = "elapsed",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ProtectionStatus> Statuses =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The status's spelling on the wire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined status.</exception>
    public static string ToWireName(this ProtectionStatus status) =>
        Names.TryGetValue(status, out var name)
            ? name
            : throw new ArgumentOutOfRangeException(nameof(status), status, "Not a protection status.");

    /// <summary>The status that is spelled so.</summary>
    /// <exception cref="FormatException">No status is spelled so.</exception>
    public static ProtectionStatus FromWireName(string name) =>
        Statuses.TryGetValue(name, out var status)
            ? status
            : throw new FormatException($"'{name}' is not a protection status; the statuses are {string.Join(", ", Statuses.Keys.Order())}.");
}
