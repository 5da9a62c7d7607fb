using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Retention;

/// <summary>A usable copy whose release is not decided.</summary>
/// <param name="Id">The protection.</param>
/// <param name="Outcome"><see cref="ProtectionStatus.Success"/> or <see cref="ProtectionStatus.PartiallyProtected"/>.</param>
/// <param name="At">When the protection was created, in UTC: its data is no older than that.</param>
public sealed record RecoveryPoint(ProtectionId Id, ProtectionStatus Outcome, DateTimeOffset At)
{
    /// <summary>The latest complete one; without one, the latest partial one; null without either.</summary>
    public static RecoveryPoint? Latest(IEnumerable<RecoveryPoint> points) => points.MaxBy(point => point.Rank);

    /// <summary>The recovery points among some copies: complete ones before partial ones, later ones first.</summary>
    public static IEnumerable<RecoveryPoint> BestFirst(IEnumerable<RetainedCopy> copies) => copies
        .Where(copy => copy.IsRecoverable)
        .Select(copy => new RecoveryPoint(copy.Id, copy.Outcome, copy.CreatedAt))
        .OrderByDescending(point => point.Rank);

    /// <summary>Whether it replaces another one as the latest recovery point of the assembly.</summary>
    public bool IsBetterThan(RecoveryPoint? other) => other is null || Rank.CompareTo(other.Rank) > 0;

    private (bool IsComplete, DateTimeOffset At, long Milliseconds) Rank => (Outcome == ProtectionStatus.Success, At, Id.EpochMilliseconds);
}
