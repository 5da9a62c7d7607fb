using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Functions.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Records transitions for the activities: writes, counts and logs each, and after an outcome tells the older copies that may go now.</summary>
public sealed class TransitionRecorder(
    IProtectionStore protections, CopyRelease release, CloudRewindTelemetry telemetry, TimeProvider time, ILogger<TransitionRecorder> log)
{
    /// <summary>What a transition is dated.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Records a transition that follows from the protection as it was read.</summary>
    /// <param name="read">The protection that the caller has decided by.</param>
    /// <param name="transition">The <see cref="Protection.Next"/> one of it.</param>
    /// <param name="input">The orchestration's.</param>
    /// <param name="orchestrations">The engine.</param>
    /// <param name="inventory">What goes on record with it; null for nothing.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>
    /// The protection as it stands: with the transition; or without it, where something else came first, such as a request to cancel or another run of the same
    /// activity: then the caller decides anew.
    /// </returns>
    /// <exception cref="InvalidOperationException">The protection is gone, or can never be moved so.</exception>
    public async Task<Protection> RecordAsync(
        Protection read,
        ProtectionTransition transition,
        LifecycleInput input,
        DurableTaskClient orchestrations,
        IReadOnlyCollection<DiscoveredResource>? inventory,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(transition);
        ArgumentNullException.ThrowIfNull(input);
        var (from, to) = (transition.From?.ToWireName(), transition.To.ToWireName());
        var (result, protection, newestBefore) = await protections.RecordAsync(transition, read, inventory, cancellationToken);
        switch (result)
        {
            case RecordResult.Recorded:
                telemetry.CountTransition(transition, read.CreatedAt);
                log.TransitionRecorded(transition, input.CorrelationId);
                break;
            case RecordResult.AlreadyRecorded:
                log.LogInformation("Protection {ProtectionId} was {To} already (sequence {Sequence}, correlation {CorrelationId})", read.Id, to, transition.Sequence, input.CorrelationId);
                break;
            case RecordResult.Cancelled:
                log.LogInformation(
                    "Protection {ProtectionId} was asked to end, and does not become {To} (sequence {Sequence}, correlation {CorrelationId})",
                    read.Id, to, transition.Sequence, input.CorrelationId);
                return protection!;
            case RecordResult.Conflict when protection!.Sequence >= transition.Sequence:
                log.LogInformation(
                    "Protection {ProtectionId} does not become {To}: another run of the same activity has made it {Status} (sequence {Sequence}, correlation {CorrelationId})",
                    read.Id, to, protection.Status.ToWireName(), transition.Sequence, input.CorrelationId);
                return protection;
            default:
                log.TransitionConflict(read.Id, from, to, transition.Sequence, input.CorrelationId, result.ToString());
                throw new InvalidOperationException($"Transition {transition.Sequence} of protection {read.Id} from {from} to {to} was refused: {result}.");
        }

        if (transition.To.IsOutcome())
            await ReleaseAsync(read.Id, newestBefore, input, orchestrations, cancellationToken);
        return protection!;
    }

    /// <summary>Tells the older copies that may go now; for a repetition, too, of an activity that has recorded an outcome and may have died before it told them.</summary>
    public Task ReleaseAsync(ProtectionId ended, RecoveryPoint? newestBefore, LifecycleInput input, DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return release.AfterOutcomeAsync(ended, newestBefore, orchestrations, input.CorrelationId, cancellationToken);
    }
}
