using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Watchdog;

/// <summary>The watchdog's list of assemblies that are being deleted, so that no deletion is forgotten. A row that is left over is harmless.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IUnfinishedDeletions
{
    /// <summary>Puts an assembly on the list. Of one that is on it already, with the time of the first request, it is noted that somebody else is at work.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="requestedAt">Now, in UTC.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The row's version, which nobody else was given.</returns>
    Task<string> AddAsync(AssemblyKey assembly, DateTimeOffset requestedAt, CancellationToken cancellationToken);

    /// <summary>Notes that somebody else is at work on an assembly that is on the list.</summary>
    /// <returns>The row's version, which nobody else was given; null where the assembly is not on the list.</returns>
    Task<string?> ClaimAsync(AssemblyKey assembly, CancellationToken cancellationToken);

    /// <summary>Which orchestration drives a deletion: <see cref="UnfinishedDeletion.Generation"/>; null where the assembly is not on the list.</summary>
    Task<int?> FindGenerationAsync(AssemblyKey assembly, CancellationToken cancellationToken);

    /// <summary>Notes what a look has found: <see cref="UnfinishedDeletion.Generation"/> and <see cref="UnfinishedDeletion.OverdueAt"/>.</summary>
    /// <returns>False where the assembly is not on the list.</returns>
    Task<bool> UpdateAsync(UnfinishedDeletion deletion, CancellationToken cancellationToken);

    /// <summary>The assemblies on the list.</summary>
    /// <param name="unreadable">Is told of each row that cannot be read; the list goes on after it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    IAsyncEnumerable<UnfinishedDeletion> ListAsync(Action<UnreadableRow> unreadable, CancellationToken cancellationToken);

    /// <summary>Takes an assembly off the list. It may be gone already.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="version">Where somebody else is at work since, it stays; null: it goes whoever is.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task RemoveAsync(AssemblyKey assembly, string? version, CancellationToken cancellationToken);
}
