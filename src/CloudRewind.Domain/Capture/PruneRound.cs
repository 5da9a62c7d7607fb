namespace CloudRewind.Domain.Capture;

/// <summary>What one round of removals came to, or all rounds of an attempt together.</summary>
/// <param name="Removed">How many resources have nothing left.</param>
/// <param name="Kept">How many the provider refused to remove.</param>
/// <param name="Waiting">How many are kept for now, for a reason that passes.</param>
/// <param name="Untried">How many are left for the next round.</param>
/// <param name="RetryAfter">How long to wait at least before the waiting ones are tried again; zero where nothing asks for it.</param>
/// <param name="Reason">Why the first of the kept ones was kept, or else the first of the waiting ones; null where none was.</param>
public sealed record PruneRound(int Removed, int Kept, int Waiting, int Untried, TimeSpan RetryAfter, string? Reason)
{
    /// <summary>Nothing was there, or nothing has been tried yet.</summary>
    public static readonly PruneRound None = new(0, 0, 0, 0, TimeSpan.Zero, null);

    /// <summary>How many resources were tried and have something left: the next round of the attempt passes over them.</summary>
    public int Left => Kept + Waiting;

    /// <summary>The attempt, with its next round.</summary>
    public PruneRound Then(PruneRound next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new PruneRound(
            Removed + next.Removed,
            Kept + next.Kept,
            Waiting + next.Waiting,
            next.Untried,
            RetryAfter > next.RetryAfter ? RetryAfter : next.RetryAfter,
            Kept == 0 && next.Kept > 0 ? next.Reason : Reason ?? next.Reason);
    }
}
