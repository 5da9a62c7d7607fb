namespace CloudRewind.Domain.Protections;

/// <summary>
/// The active run of one assembly: which of its protections is before its outcome, of which there is at most one. It is written in the same
/// transaction that creates a protection or records its outcome.
/// </summary>
/// <param name="Running">The protection before its outcome; null where there is none.</param>
/// <param name="LatestMilliseconds">The time in the newest id that was given out; -1 where there was none. The next id is later.</param>
/// <param name="IsClosed">Whether the assembly takes no new protection, because it is being deleted.</param>
public sealed record ActiveRun(ProtectionId? Running, long LatestMilliseconds, bool IsClosed)
{
    /// <summary>That of an assembly which was never protected.</summary>
    public static ActiveRun None { get; } = new(null, -1, false);

    /// <summary>Why no protection may start now; null where one may.</summary>
    public CreateResult? Refusal =>
        IsClosed ? new CreateResult.AssemblyClosed()
        : Running is not null ? new CreateResult.AssemblyBusy(Running)
        : null;

    /// <summary>The run of a new protection.</summary>
    /// <exception cref="InvalidOperationException">No protection may start now, or the id is not later than the newest.</exception>
    public ActiveRun Start(ProtectionId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Refusal is { } refusal)
            throw new InvalidOperationException($"Protection {id} cannot start: {refusal}.");
        if (id.EpochMilliseconds <= LatestMilliseconds)
            throw new InvalidOperationException($"Protection {id} cannot start: its id is not later than {LatestMilliseconds}.");
        return this with { Running = id, LatestMilliseconds = id.EpochMilliseconds };
    }

    /// <summary>Frees the assembly for the next protection, once this one has its outcome. Nothing changes where it is not the one that runs.</summary>
    public ActiveRun End(ProtectionId id) => Running == id ? this with { Running = null } : this;

    /// <summary>Lets no new protection start, for good. One that runs goes on.</summary>
    public ActiveRun Close() => this with { IsClosed = true };
}
