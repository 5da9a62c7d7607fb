using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>Lets copies go that a rule has kept, or that a policy no longer keeps, when something has changed that may let them.</summary>
public sealed class CopyRelease(CountRetention counts, IProtectionStore protections, IWorkList work, TimeProvider time, ILogger<CopyRelease> log)
{
    /// <summary>After an outcome: of the policy that it is of, those beyond its count; and the copy that was the newest good one before, and was kept for it.</summary>
    public async Task AfterOutcomeAsync(ProtectionId ended, RecoveryPoint? newestBefore, DurableTaskClient orchestrations, string correlationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ended);
        if (ended.PolicyId > 0)
            await BeyondCountAsync(new PolicyKey(ended.Assembly, ended.PolicyId), orchestrations, correlationId, cancellationToken);
        if (newestBefore is not null && newestBefore.Id != ended && await protections.FindAsync(newestBefore.Id, cancellationToken) is { Kept: not null } kept)
            await LookAgainAsync(kept, orchestrations, correlationId, cancellationToken);
    }

    /// <summary>One that was kept: by time, its orchestration looks again; by count, its policy does.</summary>
    public async Task LookAgainAsync(Protection protection, DurableTaskClient orchestrations, string correlationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        if (protection.ExpiresAt is null)
        {
            await BeyondCountAsync(new PolicyKey(protection.Id.Assembly, protection.Id.PolicyId), orchestrations, correlationId, cancellationToken);
            return;
        }

        await work.EnsureAsync(WorkKey.Lifecycle(protection.Id), time.GetUtcNow(), cancellationToken);
        await TellAsync(protection, orchestrations, correlationId, cancellationToken);
    }

    /// <summary>The copies of a policy that are beyond its count; those that take too long, the next look at the policy lets go.</summary>
    public Task BeyondCountAsync(PolicyKey policy, DurableTaskClient orchestrations, string correlationId, CancellationToken cancellationToken) =>
        counts.ApplyAsync(policy, Actor.Retention(correlationId), Tell(orchestrations, correlationId, cancellationToken), CountRetention.LimitOfCaller, cancellationToken);

    /// <summary>With a look at a policy: what was left over of its copies.</summary>
    public Task AtLookAsync(ProtectionPolicy policy, DurableTaskClient orchestrations, string correlationId, CancellationToken cancellationToken) =>
        counts.ApplyAsync(policy, Actor.Retention(correlationId), Tell(orchestrations, correlationId, cancellationToken), CountRetention.LimitOfLook, cancellationToken);

    private Func<Protection, Task> Tell(DurableTaskClient orchestrations, string correlationId, CancellationToken cancellationToken) =>
        pruned => TellAsync(pruned, orchestrations, correlationId, cancellationToken);

    private Task TellAsync(Protection protection, DurableTaskClient orchestrations, string correlationId, CancellationToken cancellationToken)
    {
        var by = Actor.Retention(correlationId);
        return orchestrations.WakeOrStartAsync(protection, by, cancellationToken).OrLeaveToWatchdogAsync(protection.Id, by, log, cancellationToken);
    }
}
