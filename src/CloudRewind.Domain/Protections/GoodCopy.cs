namespace CloudRewind.Domain.Protections;

/// <summary>A copy that can be recovered from, and whose removal nobody has decided.</summary>
/// <param name="Id">The protection.</param>
/// <param name="Outcome"><see cref="ProtectionStatus.Success"/>, or <see cref="ProtectionStatus.PartiallyProtected"/> where only some of it was captured.</param>
/// <param name="At">When the protection was created, in UTC: the data is no younger than that.</param>
public sealed record GoodCopy(ProtectionId Id, ProtectionStatus Outcome, DateTimeOffset At)
{
    /// <summary>The protection as a good copy; null where it is none.</summary>
    public static GoodCopy? Of(Protection protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return protection is { Prune: null, Outcome: ProtectionStatus.Success or ProtectionStatus.PartiallyProtected }
            ? new GoodCopy(protection.Id, protection.Outcome.Value, protection.CreatedAt)
            : null;
    }

    /// <summary>The newest success; where there is none, the newest that is partially protected.</summary>
    public static GoodCopy? Newest(IEnumerable<GoodCopy> copies) => copies.MaxBy(copy => copy.Rank);

    /// <summary>The good ones of the copies that are held, each before those that it is better than.</summary>
    public static IEnumerable<GoodCopy> BestFirst(IEnumerable<HeldCopy> held) =>
        held.Where(copy => copy.IsGood).Select(copy => new GoodCopy(copy.Id, copy.Outcome, copy.CreatedAt)).OrderByDescending(copy => copy.Rank);

    /// <summary>Whether it takes the place of the newest good copy.</summary>
    public bool IsBetterThan(GoodCopy? other) => other is null || Rank.CompareTo(other.Rank) > 0;

    private (bool IsWhole, DateTimeOffset At, long Milliseconds) Rank => (Outcome == ProtectionStatus.Success, At, Id.EpochMilliseconds);
}
