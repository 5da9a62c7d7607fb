using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Writes a transition and the protection's new status, in one transaction.</summary>
public sealed class RecordTransition(IProtectionStore protections, CloudRewindTelemetry telemetry, ILogger<RecordTransition> log)
{
    /// <returns>The name of a <see cref="RecordResult"/>. A refusal is a result and no exception, because trying again would not help.</returns>
    [Function(nameof(RecordTransition))]
    public async Task<string> Run([ActivityTrigger] TransitionToRecord input, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var transition = new ProtectionTransition(
            ProtectionId.Parse(input.Run.ProtectionId),
            input.Sequence,
            ProtectionStatusNames.FromWireName(input.From),
            ProtectionStatusNames.FromWireName(input.To),
            input.At,
            input.Reason,
            input.Counts);
        CloudRewindTelemetry.Tag(transition.Id, input.Run.CorrelationId)?.SetTag("cloudrewind.sequence", transition.Sequence).SetTag("cloudrewind.to", input.To);

        var result = await protections.RecordAsync(transition, context.CancellationToken);
        switch (result)
        {
            case RecordResult.Recorded:
                telemetry.CountTransition(transition);
                log.TransitionRecorded(transition.Id, input.From, input.To, transition.Sequence, input.Run.CorrelationId, transition.Reason);
                break;
            case RecordResult.AlreadyRecorded:
                log.LogInformation(
                    "Protection {ProtectionId} was {To} already (sequence {Sequence}, correlation {CorrelationId})",
                    transition.Id, input.To, transition.Sequence, input.Run.CorrelationId);
                break;
            default:
                log.TransitionConflict(transition.Id, input.From, input.To, transition.Sequence, input.Run.CorrelationId, result.ToString());
                break;
        }

        return result.ToString();
    }
}
