using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>
/// Keeps the inventory of each protection: its resources and the state of each. It comes on record with the transition that says that the protection is
/// prepared; see <see cref="IProtectionStore.RecordAsync"/>.
/// </summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IResourceInventory
{
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
