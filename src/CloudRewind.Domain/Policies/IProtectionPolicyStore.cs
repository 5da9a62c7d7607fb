using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Policies;

/// <summary>
/// Keeps policies, and what was decided about each of their due times: the decision, the protection or the record that it was missed, and the policy's
/// next due time are one transaction, so that each due time has exactly one.
/// </summary>
/// <remarks>
/// Every method throws <see cref="StoreUnavailableException"/> where storage does not answer, and those that write throw
/// <see cref="ConcurrencyException"/> where others wrote first, again and again.
/// </remarks>
public interface IProtectionPolicyStore
{
    /// <summary>The policy as it stands.</summary>
    /// <returns>Null where there is no such policy.</returns>
    Task<ProtectionPolicy?> FindAsync(PolicyKey key, CancellationToken cancellationToken);

    /// <summary>The policies of an assembly, in the order of their numbers.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="unreadable">Is told of each policy that cannot be read; the list goes on after it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<ProtectionPolicy>> ListAsync(AssemblyKey assembly, Action<UnreadableRow> unreadable, CancellationToken cancellationToken);

    /// <summary>Creates a policy under the next number, which no other has had. It is in <see cref="IDuePolicies"/> before it exists, so that it is not forgotten.</summary>
    Task<PolicyResult> CreateAsync(AssemblyKey assembly, PolicyDefinition definition, DateTimeOffset at, Actor by, CancellationToken cancellationToken);

    /// <summary>Replaces a policy's definition, as <see cref="ProtectionPolicy.Replace"/> says.</summary>
    /// <param name="key">The policy.</param>
    /// <param name="definition">What it is to be.</param>
    /// <param name="condition">Whether the policy as it stands may be replaced; asked again where another writer came between.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<PolicyResult> ReplaceAsync(
        PolicyKey key, PolicyDefinition definition, Predicate<ProtectionPolicy> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken);

    /// <summary>Deletes a policy. What it has made stays, and so does the record of its changes.</summary>
    Task<PolicyResult> DeleteAsync(PolicyKey key, Predicate<ProtectionPolicy> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what is decided about due times; the decision is asked for again where another writer came between. A due time that has a protection already, which
    /// a clock that was ahead has started, gets no second one.
    /// </summary>
    /// <param name="key">The policy.</param>
    /// <param name="decide">Decides, by the policy and by what the protections of its assembly come to.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Null where there is no such policy, or its assembly takes no new protection.</returns>
    Task<AdvanceResult?> AdvanceAsync(PolicyKey key, Func<ProtectionPolicy, ProtectionSummary, ScheduleStep> decide, CancellationToken cancellationToken);

    /// <summary>The due times of a policy that were missed, newest first.</summary>
    Task<MissedRunPage> ListMissedAsync(PolicyKey key, int skip, int take, CancellationToken cancellationToken);

    /// <summary>The changes of a policy, newest first.</summary>
    Task<IReadOnlyList<Change>> ListChangesAsync(PolicyKey key, int take, CancellationToken cancellationToken);
}
