using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Protections;

/// <summary>
/// Keeps protections and their transitions. The rules hold at every instant, whatever crashes or repeats: a status that is served has
/// its transition on record and the other way round; a transition is written once, in order, and only if it is legal; at most one
/// protection of an assembly is before its outcome.
/// </summary>
/// <remarks>
/// Every method throws <see cref="StoreUnavailableException"/> where storage does not answer, and those that write throw
/// <see cref="ConcurrencyException"/> where others wrote first, again and again.
/// </remarks>
public interface IProtectionStore
{
    /// <summary>The protection as it stands: one point read, however much is stored.</summary>
    /// <returns>Null where there is no such protection.</returns>
    Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellationToken);

    /// <summary>
    /// Creates a protection with its transition 0, unless another of the assembly is running. It is in
    /// <see cref="Driving.IWorkList"/> before it exists, so that none is left with nothing driving it. A request that
    /// repeats an idempotency key gets the protection that the first one made.
    /// </summary>
    Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellationToken);

    /// <summary>What an earlier request with this idempotency key came to, whatever has become of the assembly since.</summary>
    /// <returns>
    /// <see cref="CreateResult.Accepted"/> with the protection that the earlier request made, <see cref="CreateResult.IdempotencyKeyReused"/>
    /// where it was another request; null where the assembly knows no such key.
    /// </returns>
    Task<CreateResult?> FindEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a transition and the protection's new status, both or neither. Repeating it is harmless. With the transition to an outcome
    /// the assembly becomes free in the same instant.
    /// </summary>
    /// <param name="transition">The transition.</param>
    /// <param name="known">The protection as the caller has read or written it last: it is read again only where somebody has written since. Null: it is read.</param>
    /// <param name="inventory">
    /// The resources that were discovered, with the transition that says so: they are on record in the same transaction, as are those that an earlier attempt found and this
    /// one did not taken off it. Null where there is nothing to say of the inventory.
    /// </param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<RecordedTransition> RecordAsync(
        ProtectionTransition transition, Protection? known, IReadOnlyCollection<DiscoveredResource>? inventory, CancellationToken cancellationToken);

    /// <summary>Asks something of a protection, and writes what it comes to; asked again where another writer came between.</summary>
    /// <param name="id">The protection.</param>
    /// <param name="act">One of the acts of <see cref="Protection"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Null where there is no such protection.</returns>
    Task<ProtectionAct?> ActAsync(ProtectionId id, Func<Protection, ProtectionSummary, ProtectionAct> act, CancellationToken cancellationToken);

    /// <summary>What the protections of an assembly come to: one point read.</summary>
    Task<ProtectionSummary> GetSummaryAsync(AssemblyKey assembly, CancellationToken cancellationToken);

    /// <summary>The protections of one policy that have their outcome, and whose removal nobody has decided.</summary>
    Task<IReadOnlyList<RetainedCopy>> ListHeldAsync(AssemblyKey assembly, long policyId, CancellationToken cancellationToken);

    /// <summary>Notes how far a protection is; see <see cref="Protection.Report"/>.</summary>
    /// <param name="known">The protection as the caller has read or written it last: it is read again only where somebody has written since.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>False where there is no such protection.</returns>
    Task<bool> ReportProgressAsync(Protection known, CaptureProgress progress, CancellationToken cancellationToken);

    /// <summary>
    /// Lets no new protection of an assembly be created and none be locked, from this instant on and for good; unless one is locked. One that runs goes on.
    /// Repeating it is harmless.
    /// </summary>
    /// <returns>A protection that is locked, so that nothing was done; null where it is closed.</returns>
    Task<ProtectionId?> CloseAsync(AssemblyKey assembly, CancellationToken cancellationToken);

    /// <summary>Marks a protection whose assembly is being deleted, so that a lookup, which reads its row only, can say so.</summary>
    /// <returns>False where there is no such protection.</returns>
    Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellationToken);

    /// <summary>The protections of an assembly that were created within a range of time; nothing outside the range is read.</summary>
    Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellationToken);

    /// <summary>Every transition of a protection, in order.</summary>
    Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellationToken);

    /// <summary>Every event of a protection, in order.</summary>
    Task<IReadOnlyList<ProtectionEvent>> GetEventsAsync(ProtectionId id, CancellationToken cancellationToken);
}
