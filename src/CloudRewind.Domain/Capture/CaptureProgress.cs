namespace CloudRewind.Domain.Capture;

/// <summary>How far the capture of one resource has come.</summary>
public abstract record CaptureProgress
{
    private CaptureProgress() { }

    /// <summary>The snapshot has been accepted and is not complete yet.</summary>
    /// <param name="SnapshotId">The snapshot.</param>
    public sealed record Capturing(string SnapshotId) : CaptureProgress;

    /// <summary>The snapshot is complete.</summary>
    /// <param name="SnapshotId">The snapshot.</param>
    public sealed record Captured(string SnapshotId) : CaptureProgress;

    /// <summary>The resource cannot be captured; trying again would not help.</summary>
    /// <param name="Reason">Why, for a person to read.</param>
    public sealed record Failed(string Reason) : CaptureProgress;
}
