namespace CloudRewind.Domain.Protections;

/// <summary>A protection that has its outcome, and whose removal nobody has decided.</summary>
/// <param name="Id">The protection.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="CreatedAt">When it was created, in UTC.</param>
/// <param name="ByCount">Whether its policy's count, and no time, ends its retention.</param>
public sealed record HeldCopy(ProtectionId Id, ProtectionStatus Outcome, DateTimeOffset CreatedAt, bool ByCount)
{
    /// <summary>Whether it can be recovered from.</summary>
    public bool IsGood => Outcome is ProtectionStatus.Success or ProtectionStatus.PartiallyProtected;

    /// <summary>
    /// The copies of one policy that its count lets go: good ones beyond so many newer good ones, and the others beyond so many newer ones of any outcome.
    /// </summary>
    /// <param name="copies">The copies that the policy holds.</param>
    /// <param name="count">How many good copies it keeps.</param>
    public static IEnumerable<HeldCopy> Beyond(IEnumerable<HeldCopy> copies, int count)
    {
        var (newer, newerGood) = (0, 0);
        foreach (var copy in copies.Where(copy => copy.ByCount).OrderByDescending(copy => copy.Id.EpochMilliseconds))
        {
            if ((copy.IsGood ? newerGood : newer) >= count)
                yield return copy;
            newer++;
            newerGood += copy.IsGood ? 1 : 0;
        }
    }
}
