using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Assemblies;

/// <summary>Keeps cloud assemblies. A change of one and the record of who changed what are one transaction.</summary>
/// <remarks>
/// Every method throws <see cref="StoreUnavailableException"/> where storage does not answer, and those that write throw
/// <see cref="ConcurrencyException"/> where others wrote first, again and again.
/// </remarks>
public interface ICloudAssemblyStore
{
    /// <summary>The assembly as it stands.</summary>
    /// <returns>Null where there is no such assembly.</returns>
    Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellationToken);

    /// <summary>The assemblies of a project that are not deleted, in the order of their ids.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="skip">How many of the first to leave out, from 0.</param>
    /// <param name="take">How many to give at most, from 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Moves an assembly on towards its deletion, as <see cref="CloudAssembly.AdvanceDeletion"/> says.</summary>
    /// <returns>The assembly as it stands then, and the change, null where nothing changed; null where there is no assembly.</returns>
    Task<(CloudAssembly Assembly, Change? Change)?> AdvanceDeletionAsync(
        AssemblyKey key, AssemblyStatus status, DateTimeOffset at, Actor by, CancellationToken cancellationToken);

    /// <summary>The changes of an assembly, newest first.</summary>
    Task<IReadOnlyList<Change>> ListChangesAsync(AssemblyKey key, int take, CancellationToken cancellationToken);

    /// <summary>Creates an assembly, or replaces its definition, as <see cref="CloudAssembly.Put"/> says.</summary>
    /// <param name="key">The assembly.</param>
    /// <param name="definition">What it is to be.</param>
    /// <param name="condition">Whether the assembly as it stands (null: none) may be replaced; asked again where another writer came between.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<PutResult> PutAsync(
        AssemblyKey key,
        AssemblyDefinition definition,
        Predicate<CloudAssembly?> condition,
        DateTimeOffset at,
        Actor by,
        CancellationToken cancellationToken);
}
