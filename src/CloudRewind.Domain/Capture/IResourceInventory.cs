using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>Keeps the inventory of each protection: its resources and the state of each.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IResourceInventory
{
    /// <summary>
    /// Makes the inventory what was discovered. A resource that is in it already keeps its entry, so that a late repetition cannot undo progress.
    /// </summary>
    Task SetAsync(ProtectionId id, IReadOnlyCollection<DiscoveredResource> resources, CancellationToken cancellationToken);

    /// <summary>Every entry, in a stable order.</summary>
    Task<IReadOnlyList<ProtectedResource>> ReadAsync(ProtectionId id, CancellationToken cancellationToken);

    /// <summary>
    /// Writes entries, each if nobody else has written it since it was read. Up to 100 of them are written together or not at all; more are written a hundred at a time.
    /// </summary>
    /// <returns>The entries that were written, with their new versions.</returns>
    Task<IReadOnlyList<ProtectedResource>> TryUpdateAsync(ProtectionId id, IReadOnlyList<ProtectedResource> resources, CancellationToken cancellationToken);

    /// <summary>Takes entries out, in whatever version they are. They may be gone already.</summary>
    Task RemoveAsync(ProtectionId id, IReadOnlyCollection<ProtectedResource> resources, CancellationToken cancellationToken);
}
