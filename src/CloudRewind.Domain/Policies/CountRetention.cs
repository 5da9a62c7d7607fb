using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Policies;

/// <summary>Lets the copies of a policy go that are beyond the number that it keeps. Repeating it is harmless, and what one look leaves undone the next one does.</summary>
public sealed class CountRetention(IProtectionPolicyStore policies, IProtectionStore protections, TimeProvider time)
{
    /// <summary>Decides about the copies that a policy holds.</summary>
    /// <returns>Those whose removal is decided, for their orchestrations to be told.</returns>
    public async Task<IReadOnlyList<ProtectionId>> ApplyAsync(PolicyKey key, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (await policies.FindAsync(key, cancellationToken) is not { Definition.RetentionCount: var count })
            return []; // what a deleted policy has made is a person's to remove

        List<ProtectionId> decided = [];
        foreach (var copy in HeldCopy.Beyond(await protections.ListHeldAsync(key.Assembly, key.PolicyId, cancellationToken), count))
        {
            var act = await protections.ActAsync(copy.Id, (current, summary) => current.ExceedCount(count, summary, time.GetUtcNow(), by), cancellationToken);
            if (act?.Protection.Prune is not null)
                decided.Add(copy.Id);
        }

        return decided;
    }
}
