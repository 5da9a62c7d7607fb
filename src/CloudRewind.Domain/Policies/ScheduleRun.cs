using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Domain.Policies;

/// <summary>
/// Looks at a policy that is due. All state is in the stores, so that a look may be repeated, cut short at any point, or made twice at once: the row that called for it
/// goes last.
/// </summary>
public sealed class ScheduleRun(IProtectionPolicyStore policies, IDuePolicies due, ICloudAssemblyStore assemblies, TimeProvider time)
{
    // What is left over after them is due at the next look.
    private const int MostSteps = 50;

    /// <summary>Decides about the policy's due times, and says when it is due again.</summary>
    /// <param name="row">A row that is due.</param>
    /// <param name="by">What looks.</param>
    /// <param name="cancellationToken">Stops the look between two steps.</param>
    /// <returns>Null where there is no such policy, or its assembly is being deleted.</returns>
    public async Task<ScheduleLook?> LookAsync(DuePolicy row, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        var assembly = await assemblies.FindAsync(row.Key.Assembly, cancellationToken);
        var look = assembly is null || assembly.Definition.Status.IsDeletedOrDeleting() ? null : await AdvanceAsync(row.Key, assembly, by, cancellationToken);
        var next = look?.Policy.NextLook(look.OverdueSince is not null, time.GetUtcNow());
        if (next is not null)
            await due.AddAsync(row.Key, next.Value, cancellationToken);

        // Where nothing is to be expected of it, a request that creates or enables it may still be at work.
        if (next is not null || (time.GetUtcNow() - row.DueAt).Duration() > WatchPolicy.LeftoverAge)
            await due.RemoveAsync(row, cancellationToken);
        return look;
    }

    private async Task<ScheduleLook?> AdvanceAsync(PolicyKey key, CloudAssembly assembly, Actor by, CancellationToken cancellationToken)
    {
        List<MissedRun> missed = [];
        Change? correction = null;
        for (var step = 1; ; step++)
        {
            var now = time.GetUtcNow();
            if (await policies.AdvanceAsync(key, (policy, summary) => policy.Advance(assembly, summary.Running, now, by), cancellationToken) is not { } result)
                return null;
            missed.AddRange(result.Step.Missed);
            if (result.Step.Policy.LastChange is { Kind: ChangeKind.ClockCorrected } change && change.At == now)
                correction = change;
            if (result.Step.HasMore && step < MostSteps)
                continue;

            var policy = result.Step.Policy;
            var overdueFrom = assembly.Definition.Status == AssemblyStatus.Enabled ? policy.OverdueFrom(result.NewestGood) : null;
            return new ScheduleLook(assembly, policy, result.Started, missed, result.NewestGood, overdueFrom <= now ? overdueFrom : null) { Correction = correction };
        }
    }
}
