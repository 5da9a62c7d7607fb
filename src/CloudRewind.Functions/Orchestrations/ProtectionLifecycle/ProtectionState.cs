using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>A protection's row, and the settings, as an orchestration needs them: it reads neither itself, since it must come out the same each time it is replayed.</summary>
/// <param name="Status">The state, in its wire spelling.</param>
/// <param name="Sequence">The sequence number of the latest transition.</param>
/// <param name="UpdatedAt">When that was made, in UTC.</param>
/// <param name="ExpiresAt">When retention ends, in UTC.</param>
/// <param name="PruneRequested">Whether somebody asked for it to be pruned before.</param>
/// <param name="Counts">Its resources.</param>
/// <param name="Pace">How often to look.</param>
public sealed record ProtectionState(
    string Status,
    int Sequence,
    DateTimeOffset UpdatedAt,
    DateTimeOffset ExpiresAt,
    bool PruneRequested,
    ResourceCounts Counts,
    PaceSettings Pace);
