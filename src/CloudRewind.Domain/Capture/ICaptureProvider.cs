using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Capture;

/// <summary>
/// Takes and removes snapshots. What is expected to go wrong for good is part of each method's result; an exception means that the
/// same call may succeed later, whatever its type. Calls may be repeated, also after a crash at any point of the first.
/// </summary>
public interface ICaptureProvider
{
    /// <summary>Whether the assembly can be protected: its connection works, and the provider knows how to resolve its filter.</summary>
    /// <returns>Null where it can; else why not, for a person to read: trying again would not help.</returns>
    Task<string?> CheckAsync(CloudAssembly assembly, CancellationToken cancellationToken);

    /// <summary>The resources that belong to the assembly now, each once; none where there is nothing to protect.</summary>
    Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(CloudAssembly assembly, CancellationToken cancellationToken);

    /// <summary>Starts a snapshot, or adopts the one that an earlier call started for the same target: there is never a second.</summary>
    Task<CaptureProgress> StartAsync(CaptureTarget target, CancellationToken cancellationToken);

    /// <summary>How far a snapshot has come.</summary>
    Task<CaptureProgress> PollAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken);

    /// <summary>Removes every snapshot of the target, those included that nobody recorded. None to remove is success.</summary>
    /// <returns>Null where nothing is left; else why not, for a person to read.</returns>
    Task<string?> RemoveAsync(CaptureTarget target, CancellationToken cancellationToken);
}
