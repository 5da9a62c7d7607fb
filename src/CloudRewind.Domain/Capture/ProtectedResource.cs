namespace CloudRewind.Domain.Capture;

/// <summary>One entry of a protection's inventory.</summary>
public sealed record ProtectedResource
{
    /// <summary>Its id at AWS.</summary>
    public required string ResourceId { get; init; }

    /// <summary>What it is, such as <c>ec2-volume</c>.</summary>
    public required string Type { get; init; }

    /// <summary>How it stands.</summary>
    public required ResourceState State { get; init; }

    /// <summary>Its snapshot; null while none is known.</summary>
    public string? SnapshotId { get; init; }

    /// <summary>Why it failed, or what went wrong last; null where nothing did.</summary>
    public string? Reason { get; init; }

    /// <summary>How many attempts in a row ended in an exception.</summary>
    public int ErrorsInARow { get; init; }

    /// <summary>The store's mark of this version of the entry: a writer that holds an older one is refused.</summary>
    public string? Version { get; init; }

    /// <summary>Whether its capture has ended, well or not.</summary>
    public bool IsFinished => State is ResourceState.Captured or ResourceState.Failed;
}
