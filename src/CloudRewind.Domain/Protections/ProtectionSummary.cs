using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Protections;

/// <summary>
/// What the protections of one assembly come to: one row, written in the same transaction as whatever changes it. Whoever decides by it writes it too, so that
/// decisions of the same assembly come one after the other.
/// </summary>
/// <param name="Running">The protection before its outcome, of which there is at most one; null where there is none.</param>
/// <param name="LatestMilliseconds">The time in the newest id that was given out; -1 where there was none. The next id of a request is later.</param>
/// <param name="IsClosed">Whether the assembly takes no new protection, because it is being deleted.</param>
/// <param name="Latest">The protection that was created last; null where there was none.</param>
/// <param name="NewestGood">The newest good copy, which no rule may remove; null where there is none.</param>
/// <param name="Locks">How many protections are locked.</param>
public sealed record ProtectionSummary(
    ProtectionId? Running, long LatestMilliseconds, bool IsClosed, ProtectionId? Latest = null, RecoveryPoint? NewestGood = null, int Locks = 0)
{
    /// <summary>Of an assembly that was never protected.</summary>
    public static ProtectionSummary None { get; } = new(null, -1, false);

    /// <summary>Why no protection may start now; null where one may.</summary>
    public CreateResult? Refusal =>
        IsClosed ? new CreateResult.AssemblyClosed()
        : Running is not null ? new CreateResult.AssemblyBusy(Running)
        : null;

    /// <summary>With a new protection.</summary>
    /// <param name="created">The protection.</param>
    /// <exception cref="InvalidOperationException">No protection may start now, or the id of one that was asked for is not later than the newest.</exception>
    public ProtectionSummary Start(Protection created)
    {
        ArgumentNullException.ThrowIfNull(created);
        var id = created.Id;
        if (Refusal is { } refusal)
            throw new InvalidOperationException($"Protection {id} cannot start: {refusal}.");
        if (!created.IsScheduled && id.EpochMilliseconds <= LatestMilliseconds)
            throw new InvalidOperationException($"Protection {id} cannot start: its id is not later than {LatestMilliseconds}.");
        return this with { Running = id, Latest = id, LatestMilliseconds = Math.Max(LatestMilliseconds, id.EpochMilliseconds) };
    }

    /// <summary>With a protection that has come to its outcome: the assembly is free for the next, and the copy, if it is good, may be the newest.</summary>
    public ProtectionSummary End(Protection ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        var copy = ended.AsRecoveryPoint();
        return this with
        {
            Running = Running == ended.Id ? null : Running,
            NewestGood = copy is not null && copy.IsBetterThan(NewestGood) ? copy : NewestGood,
        };
    }

    /// <summary>With a copy whose removal is decided.</summary>
    /// <param name="id">The copy.</param>
    /// <param name="next">The best of the good copies that are left; it is asked for only where the copy was the newest good one.</param>
    public ProtectionSummary Release(ProtectionId id, RecoveryPoint? next) => NewestGood?.Id == id ? this with { NewestGood = next } : this;

    /// <summary>Lets no new protection start, for good. One that runs goes on.</summary>
    public ProtectionSummary Close() => this with { IsClosed = true };
}
