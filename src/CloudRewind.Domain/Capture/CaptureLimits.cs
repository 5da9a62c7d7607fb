namespace CloudRewind.Domain.Capture;

/// <summary>What a run may take.</summary>
/// <param name="TimeLimit">How long captures may take from the moment the protection is in progress.</param>
/// <param name="MaxConcurrency">How many calls to AWS are made for one protection at once, from 1. Any number of snapshots may be pending.</param>
public sealed record CaptureLimits(TimeSpan TimeLimit, int MaxConcurrency)
{
    /// <summary>After how many exceptions in a row a group is given up.</summary>
    public const int MaxErrorsInARow = 5;
}
