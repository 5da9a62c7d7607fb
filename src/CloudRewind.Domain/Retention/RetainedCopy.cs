using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Retention;

/// <summary>A protection that has its outcome, and whose release is not decided.</summary>
/// <param name="Id">The protection.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="CreatedAt">When it was created, in UTC.</param>
/// <param name="ByCount">Whether its policy's count, and no time, ends its retention.</param>
public sealed record RetainedCopy(ProtectionId Id, ProtectionStatus Outcome, DateTimeOffset CreatedAt, bool ByCount)
{
    /// <summary>Whether it is a recovery point: some or all of its resources were captured.</summary>
    public bool IsRecoverable => Outcome is ProtectionStatus.Success or ProtectionStatus.PartiallyProtected;
}
