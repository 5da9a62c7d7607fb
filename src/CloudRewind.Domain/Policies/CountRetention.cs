using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Domain.Policies;

/// <summary>Lets the copies of a policy go that are beyond the number that it keeps. Repeating it is harmless, and what one look leaves undone the next one does.</summary>
public sealed class CountRetention(IProtectionPolicyStore policies, IProtectionStore protections, IUnfinishedProtections unfinished, WatchPolicy watch, TimeProvider time)
{
    /// <summary>Decides about the copies that a policy holds.</summary>
    /// <param name="key">The policy.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="tell">Tells the orchestration of a copy that its removal is decided; should that fail, the watchdog does.</param>
    /// <param name="cancellationToken">Stops it between two copies.</param>
    public async Task ApplyAsync(PolicyKey key, Actor by, Func<ProtectionId, Task> tell, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(tell);
        if (await policies.FindAsync(key, cancellationToken) is not { Definition.RetentionCount: var count })
            return; // what a deleted policy has made is a person's to remove

        foreach (var copy in HeldCopy.Beyond(await protections.ListHeldAsync(key.Assembly, key.PolicyId, cancellationToken), count))
        {
            // On the watchdog's list first: whatever happens next, the decision is carried out.
            await unfinished.AddAsync(copy.Id, time.GetUtcNow() + watch.Patience, cancellationToken);
            var act = await protections.ActAsync(copy.Id, (current, summary) => current.ExceedCount(count, summary, time.GetUtcNow(), by), cancellationToken);
            if (act?.Protection.Prune is not null)
                await tell(copy.Id);
        }
    }
}
