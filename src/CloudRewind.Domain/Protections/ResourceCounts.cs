namespace CloudRewind.Domain.Protections;

/// <summary>How far the resources of a protection have come.</summary>
/// <param name="Total">How many resources the protection covers.</param>
/// <param name="Captured">How many of them have a complete snapshot.</param>
/// <param name="Failed">How many of them were given up.</param>
public sealed record ResourceCounts(int Total, int Captured, int Failed)
{
    /// <summary>No resource is known (yet).</summary>
    public static ResourceCounts None { get; } = new(0, 0, 0);

    /// <summary>How many are neither captured nor given up.</summary>
    public int Unfinished => Total - Captured - Failed;
}
