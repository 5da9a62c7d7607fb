using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Writes a transition and the protection's new status, in one transaction; after an outcome it tells the older copies that may go now.</summary>
public sealed class RecordTransition(
    IProtectionStore protections, CopyRelease release, CloudRewindTelemetry telemetry, ILogger<RecordTransition> log)
{
    /// <returns>What came of it. A refusal is a result and no exception, because trying again would not help.</returns>
    [Function(nameof(RecordTransition))]
    public async Task<RecordResult> Run([ActivityTrigger] TransitionInput input, [DurableClient] DurableTaskClient orchestrations, FunctionContext context)
    {
        var (transition, correlationId, createdAt) = input;
        var (from, to) = (transition.From?.ToWireName(), transition.To.ToWireName());
        CloudRewindTelemetry.Tag(transition.Id, correlationId)?.SetTag("cloudrewind.sequence", transition.Sequence).SetTag("cloudrewind.to", to);

        var isOutcome = transition.To.IsOutcome();
        var newestBefore = isOutcome ? (await protections.GetSummaryAsync(transition.Id.Assembly, context.CancellationToken)).NewestGood : null;
        var result = await protections.RecordAsync(transition, context.CancellationToken);
        switch (result)
        {
            case RecordResult.Recorded:
                telemetry.CountTransition(transition, createdAt);
                log.TransitionRecorded(transition.Id, from, to, transition.Sequence, correlationId, transition.Reason);
                break;
            case RecordResult.AlreadyRecorded:
                log.LogInformation(
                    "Protection {ProtectionId} was {To} already (sequence {Sequence}, correlation {CorrelationId})", transition.Id, to, transition.Sequence, correlationId);
                break;
            case RecordResult.Cancelled:
                log.LogInformation(
                    "Protection {ProtectionId} was asked to end, and does not become {To} (sequence {Sequence}, correlation {CorrelationId})",
                    transition.Id, to, transition.Sequence, correlationId);
                return result;
            default:
                log.TransitionConflict(transition.Id, from, to, transition.Sequence, correlationId, result.ToString());
                return result;
        }

        if (isOutcome)
            await release.AfterOutcomeAsync(transition.Id, newestBefore, orchestrations, correlationId, context.CancellationToken);
        return result;
    }
}
