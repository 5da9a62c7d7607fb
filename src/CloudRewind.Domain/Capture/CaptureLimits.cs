namespace CloudRewind.Domain.Capture;

/// <summary>What a run may take.</summary>
/// <param name="TimeLimit">How long captures may take from the moment the protection is in progress.</param>
/// <param name="MaxConcurrency">How many resources of one protection are at work at once, from 1.</param>
public sealed record CaptureLimits(TimeSpan TimeLimit, int MaxConcurrency)
{
    /// <summary>After how many exceptions in a row a resource is given up.</summary>
    public const int MaxErrorsInARow = 5;
}
