namespace CloudRewind.Domain.Assemblies;

/// <summary>Keeps cloud assemblies.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface ICloudAssemblyStore
{
    /// <summary>The assembly as it stands.</summary>
    /// <returns>Null where there is no such assembly.</returns>
    Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellation);

    /// <summary>The assemblies of a project that are not deleted, in the order of their ids.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="skip">How many of the first to leave out, from 0.</param>
    /// <param name="take">How many to give at most, from 1.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellation);

    /// <summary>Moves an assembly on towards its deletion, as <see cref="CloudAssembly.AdvanceDeletion"/> says.</summary>
    /// <returns>The assembly as it stands then; null where there is none.</returns>
    Task<CloudAssembly?> AdvanceDeletionAsync(AssemblyKey key, AssemblyStatus status, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Creates an assembly, or replaces its definition, as <see cref="CloudAssembly.Put"/> says.</summary>
    /// <param name="key">The assembly.</param>
    /// <param name="definition">What it is to be.</param>
    /// <param name="condition">Whether the assembly as it stands (null: none) may be replaced; asked again where another writer came between.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="ConcurrencyException">Others wrote first, again and again.</exception>
    Task<PutResult> PutAsync(
        AssemblyKey key,
        AssemblyDefinition definition,
        Predicate<CloudAssembly?> condition,
        DateTimeOffset at,
        CancellationToken cancellation);
}
