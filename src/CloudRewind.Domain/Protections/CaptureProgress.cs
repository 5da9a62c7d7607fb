namespace CloudRewind.Domain.Protections;

/// <summary>How far a protection is on the way to its outcome.</summary>
/// <param name="Counts">Its resources.</param>
/// <param name="Percent">How much of what can be captured is captured, weighted by size, from 0 to 100.</param>
/// <param name="Waiting">What is waited for, other than the snapshots themselves, for a person to read; null where nothing is.</param>
public sealed record CaptureProgress(ResourceCounts Counts, int Percent, string? Waiting = null)
{
    /// <summary>What is waited for; at most <see cref="ReasonText.MaxLength"/> characters.</summary>
    public string? Waiting { get; init => field = value is null ? null : ReasonText.Cut(value); } = Waiting is null ? null : ReasonText.Cut(Waiting);
}
