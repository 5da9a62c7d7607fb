using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Writes a transition and the protection's new status, in one transaction.</summary>
public sealed class RecordTransition(IProtectionStore protections, CloudRewindTelemetry telemetry, ILogger<RecordTransition> log)
{
    /// <returns>What came of it. A refusal is a result and no exception, because trying again would not help.</returns>
    [Function(nameof(RecordTransition))]
    public async Task<RecordResult> Run([ActivityTrigger] TransitionInput input, FunctionContext context)
    {
        var (transition, correlationId) = input;
        var (from, to) = (transition.From?.ToWireName(), transition.To.ToWireName());
        CloudRewindTelemetry.Tag(transition.Id, correlationId)?.SetTag("cloudrewind.sequence", transition.Sequence).SetTag("cloudrewind.to", to);

        var result = await protections.RecordAsync(transition, context.CancellationToken);
        switch (result)
        {
            case RecordResult.Recorded:
                telemetry.CountTransition(transition);
                log.TransitionRecorded(transition.Id, from, to, transition.Sequence, correlationId, transition.Reason);
                break;
            case RecordResult.AlreadyRecorded:
                log.LogInformation(
                    "Protection {ProtectionId} was {To} already (sequence {Sequence}, correlation {CorrelationId})", transition.Id, to, transition.Sequence, correlationId);
                break;
            default:
                log.TransitionConflict(transition.Id, from, to, transition.Sequence, correlationId, result.ToString());
                break;
        }

        return result;
    }
}
