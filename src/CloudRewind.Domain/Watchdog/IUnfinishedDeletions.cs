using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Watchdog;

/// <summary>The watchdog's list of assemblies that are being deleted, so that no deletion is forgotten. A row that is left over is harmless.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IUnfinishedDeletions
{
    /// <summary>Puts an assembly on the list. One that is on it already stays, with the time of the first request.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="requestedAt">Now, in UTC.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task AddAsync(AssemblyKey assembly, DateTimeOffset requestedAt, CancellationToken cancellationToken);

    /// <summary>The assemblies on the list.</summary>
    IAsyncEnumerable<UnfinishedDeletion> ListAsync(CancellationToken cancellationToken);

    /// <summary>Takes an assembly off the list. It may be gone already.</summary>
    Task RemoveAsync(AssemblyKey assembly, CancellationToken cancellationToken);
}
