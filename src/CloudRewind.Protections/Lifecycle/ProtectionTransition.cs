namespace CloudRewind.Protections;

/// <summary>One step of one protection: what is written once and never changes.</summary>
/// <param name="Id">The protection.</param>
/// <param name="Sequence">0 for the creation, then one more each, without gaps.</param>
/// <param name="From">The state before; null for the creation.</param>
/// <param name="To">The state after.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Reason">Why, for a person to read.</param>
/// <param name="Counts">The resources at that moment.</param>
public sealed record ProtectionTransition(
    ProtectionId Id,
    int Sequence,
    ProtectionStatus? From,
    ProtectionStatus To,
    DateTimeOffset At,
    string Reason,
    ResourceCounts Counts);
