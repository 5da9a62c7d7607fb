using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Domain.Policies;

/// <summary>
/// Lets the copies of a policy go that are beyond the number that it keeps. Repeating it is harmless. A call ends in time, however many
/// copies there are: what it leaves undone, the next look at the policy does.
/// </summary>
public sealed class CountRetention(
    IProtectionPolicyStore policies,
    IDuePolicies due,
    IProtectionStore protections,
    IWorkList work,
    WatchPolicy watch,
    TimeProvider time)
{
    /// <summary>How long a request, or the activity that records an outcome, lets copies go.</summary>
    public static readonly TimeSpan LimitOfCaller = TimeSpan.FromSeconds(2);

    /// <summary>How long a look at a policy lets copies go.</summary>
    public static readonly TimeSpan LimitOfLook = TimeSpan.FromMinutes(1);

    /// <summary>Decides about the copies that a policy holds.</summary>
    /// <param name="key">The policy.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="tell">Tells the orchestration of a copy that its removal is decided; should that fail, the watchdog does.</param>
    /// <param name="limit">After how long no further copy is begun.</param>
    /// <param name="cancellationToken">Stops it between two copies.</param>
    public async Task ApplyAsync(PolicyKey key, Actor by, Func<Protection, Task> tell, TimeSpan limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (await policies.FindAsync(key, cancellationToken) is { } policy) // what a deleted policy has made is a person's to remove
            await ApplyAsync(policy, by, tell, limit, cancellationToken);
    }

    /// <summary>Decides about the copies that a policy holds.</summary>
    /// <param name="policy">The policy as it was read.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="tell">Tells the orchestration of a copy that its removal is decided; should that fail, the watchdog does.</param>
    /// <param name="limit">After how long no further copy is begun.</param>
    /// <param name="cancellationToken">Stops it between two copies.</param>
    public async Task ApplyAsync(ProtectionPolicy policy, Actor by, Func<Protection, Task> tell, TimeSpan limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(tell);
        var (key, count) = (policy.Key, policy.Definition.RetentionCount);
        var began = time.GetTimestamp();
        foreach (var copy in RetentionRules.ExceedingCount(await protections.ListHeldAsync(key.Assembly, key.PolicyId, cancellationToken), count))
        {
            if (time.GetElapsedTime(began) >= limit)
            {
                await due.AddAsync(key, time.GetUtcNow(), cancellationToken);
                return;
            }

            // Listed first: the decision is carried out, whatever happens next.
            await work.EnsureAsync(WorkKey.Lifecycle(copy.Id), time.GetUtcNow() + watch.Patience, cancellationToken);
            var act = await protections.ActAsync(copy.Id, (current, summary) => current.ExceedCount(count, summary, time.GetUtcNow(), by), cancellationToken);
            if (act?.Protection is { Prune: not null } pruned)
                await tell(pruned);
        }
    }
}
