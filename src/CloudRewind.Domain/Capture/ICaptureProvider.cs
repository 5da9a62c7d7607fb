using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Capture;

/// <summary>
/// Takes, shows and removes snapshots. Nothing is kept on this side: what there is, AWS knows. Every method throws
/// <see cref="CaptureRefusedException"/> where it was not done and will not be until somebody changes something, and <see cref="RetryLaterException"/> where it
/// was not done for a reason that passes. Any other exception means that nobody knows whether it was done.
/// </summary>
public interface ICaptureProvider
{
    /// <summary>What the settings call it. A protection records it with where its snapshots are.</summary>
    string Name { get; }

    /// <summary>
    /// How long a snapshot that was asked for may take to appear in <see cref="ListAsync"/>, counted from the moment of asking. Before that time is over
    /// nobody can say that it was not started.
    /// </summary>
    TimeSpan SettleWindow { get; }

    /// <summary>Why no resource of this provider can have an id, such as that of another provider. Nothing is asked of the provider.</summary>
    /// <returns>What the id is, to follow "ID is", such as <c>not the id of an EBS volume</c>; null where a resource can have it.</returns>
    string? FaultOf(string resourceId);

    /// <summary>Makes sure that snapshots can be taken at the target's location: the connection works, and the region is enabled.</summary>
    Task CheckAsync(CaptureTarget target, CancellationToken cancellationToken);

    /// <summary>The resources that a filter selects now. Nothing is created.</summary>
    Task<Discovery> DiscoverAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken);

    /// <summary>Which permissions a protection of these resources would miss. Nothing is created.</summary>
    /// <returns>Each permission once; none where all are there.</returns>
    Task<IReadOnlyList<MissingPermission>> FindMissingPermissionsAsync(
        CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a snapshot of each resource of a group, all of the same moment. Asked twice, it starts them twice: it is for the caller to look first for those that an
    /// earlier call started. The caller cancels it after half of <see cref="SettleWindow"/> at the latest, and nothing is asked of AWS after that.
    /// </summary>
    /// <param name="target">What the snapshots are for.</param>
    /// <param name="group">All the resources of one group that are to be captured.</param>
    /// <param name="cancellationToken">Stops the call; then nobody knows whether it was done.</param>
    /// <returns>The snapshots. A resource without one is no longer part of the group.</returns>
    Task<IReadOnlyList<Snapshot>> StartAsync(CaptureTarget target, IReadOnlyList<ProtectedResource> group, CancellationToken cancellationToken);

    /// <summary>Every snapshot that was started for the target and exists, whoever recorded it. One that was just started may be missing.</summary>
    Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target, CancellationToken cancellationToken);

    /// <summary>Those of some snapshots that exist, asked for by their ids. One that was just started may be missing.</summary>
    Task<IReadOnlyList<Snapshot>> FindAsync(CaptureTarget target, IReadOnlyCollection<string> snapshotIds, CancellationToken cancellationToken);

    /// <summary>Removes a snapshot. It may be asked for again.</summary>
    /// <returns>False where AWS knows no such snapshot: it is gone, or does not show yet.</returns>
    /// <exception cref="CaptureRefusedException">Something holds it; the message says what.</exception>
    Task<bool> RemoveAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken);
}
