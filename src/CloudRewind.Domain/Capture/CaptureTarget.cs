using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>What a provider works for: its snapshots carry the protection's id, so that they are found again.</summary>
/// <param name="Protection">The protection.</param>
/// <param name="Location">Where its snapshots are.</param>
public sealed record CaptureTarget(ProtectionId Protection, SnapshotLocation Location)
{
    /// <summary>The target of a protection whose location is on record.</summary>
    /// <exception cref="CaptureRefusedException">Another provider has its snapshots.</exception>
    /// <exception cref="InvalidOperationException">No location is on record.</exception>
    public static CaptureTarget Of(Protection protection, ICaptureProvider provider)
    {
        ArgumentNullException.ThrowIfNull(protection);
        ArgumentNullException.ThrowIfNull(provider);
        var location = protection.Location
            ?? throw new InvalidOperationException($"Where the snapshots of protection {protection.Id} are is not on record.");
        return location.Provider == provider.Name
            ? new CaptureTarget(protection.Id, location)
            : throw new CaptureRefusedException(
                $"The provider {location.Provider} has the snapshots of this protection, and Capture__Provider is {provider.Name}: "
                + $"set it to {location.Provider}.");
    }
}
