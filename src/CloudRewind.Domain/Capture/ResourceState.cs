namespace CloudRewind.Domain.Capture;

/// <summary>How one resource of a protection stands.</summary>
public enum ResourceState
{
    /// <summary>Its capture has not begun.</summary>
    Pending,

    /// <summary>Its capture has begun and has not ended.</summary>
    Capturing,

    /// <summary>It has a complete snapshot.</summary>
    Captured,

    /// <summary>It was given up; its reason says why.</summary>
    Failed,
}
