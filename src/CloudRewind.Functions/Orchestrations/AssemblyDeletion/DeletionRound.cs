namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>One look at the protections that are left, batch by batch. The first round finds out how many there are; each next one skips what has elapsed.</summary>
/// <param name="ToDo">What this round has still to look at, newest first.</param>
/// <param name="Pending">Where it has found protections that have not elapsed: what the next round looks at.</param>
/// <param name="Left">How many it has found there.</param>
/// <param name="LeftBefore">How many the round before had found; null in the first.</param>
/// <param name="Wait">How long to wait before the next round.</param>
/// <param name="WakesAgain">Whether orchestrations that have been told to prune are told again.</param>
public sealed record DeletionRound(
    CreationRange[] ToDo, CreationRange[] Pending, int Left, int? LeftBefore, TimeSpan Wait, bool WakesAgain)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>The first round: everything.</summary>
    internal static DeletionRound First { get; } = new([new CreationRange(0, long.MaxValue)], [], 0, null, TimeSpan.FromSeconds(2), WakesAgain: false);

    /// <summary>The round with its next batch done.</summary>
    internal DeletionRound After(DeletionBatchResult batch) => this with
    {
        ToDo = batch.Rest is null ? ToDo[1..] : [batch.Rest, .. ToDo[1..]],
        Pending = batch.Pending is null ? Pending : [.. Pending, batch.Pending],
        Left = Left + batch.Left,
    };

    /// <summary>The round that follows. Where nothing has moved for as long as the longest wait, an event may have been lost.</summary>
    internal DeletionRound Next() => new(
        Pending, [], 0, Left, Wait * 2 < LongestWait ? Wait * 2 : LongestWait, WakesAgain: Left == LeftBefore && Wait == LongestWait);
}
