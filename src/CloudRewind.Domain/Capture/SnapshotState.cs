namespace CloudRewind.Domain.Capture;

/// <summary>How a snapshot stands.</summary>
public enum SnapshotState
{
    /// <summary>It was started, and its data is still being copied.</summary>
    Pending,

    /// <summary>It can be restored from.</summary>
    Completed,

    /// <summary>It cannot be restored from, and never will be.</summary>
    Failed,
}
