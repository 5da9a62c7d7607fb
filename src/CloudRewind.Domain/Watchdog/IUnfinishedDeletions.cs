using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Watchdog;

/// <summary>The assemblies that are being deleted, so that the watchdog can see to it that they come to be. A row that is left over is harmless.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IUnfinishedDeletions
{
    /// <summary>Puts an assembly on the list, or leaves it there as it is.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task AddAsync(AssemblyKey assembly, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>The assemblies on the list.</summary>
    IAsyncEnumerable<UnfinishedDeletion> ListAsync(CancellationToken cancellation);

    /// <summary>Takes an assembly off the list. It may be gone already.</summary>
    Task RemoveAsync(AssemblyKey assembly, CancellationToken cancellation);
}
