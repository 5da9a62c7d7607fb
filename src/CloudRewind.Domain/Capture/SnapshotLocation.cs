using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Capture;

/// <summary>
/// Where the snapshots of a protection are, and how they are reached. It is recorded before the first snapshot is taken, and a later change
/// of the cloud assembly never changes it.
/// </summary>
/// <param name="Provider">The <see cref="ICaptureProvider.Name"/> of the provider that takes them.</param>
/// <param name="Region">The AWS region.</param>
/// <param name="Connection">The connection to the AWS account.</param>
public sealed record SnapshotLocation(string Provider, string Region, CloudConnection Connection)
{
    /// <summary>Where a protection of an assembly would have its snapshots now.</summary>
    public static SnapshotLocation Of(AssemblyDefinition definition, ICaptureProvider provider)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(provider);
        return new SnapshotLocation(provider.Name, definition.SourceRegion, definition.Connection);
    }

    /// <summary>Whether both hold the same snapshots: another role of the same AWS account reaches the same ones.</summary>
    public bool IsSamePlaceAs(SnapshotLocation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Provider == other.Provider && Region == other.Region && Connection.Account == other.Connection.Account;
    }
}
