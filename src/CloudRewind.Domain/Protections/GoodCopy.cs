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
    public static GoodCopy? Newest(IEnumerable<GoodCopy> copies) =>
        copies.Aggregate((GoodCopy?)null, (best, copy) => copy.IsBetterThan(best) ? copy : best);

    /// <summary>Whether it takes the place of the newest good copy.</summary>
    public bool IsBetterThan(GoodCopy? other) =>
        other is null || (Outcome == other.Outcome ? (At, Id.EpochMilliseconds).CompareTo((other.At, other.Id.EpochMilliseconds)) > 0 : Outcome == ProtectionStatus.Success);
}
