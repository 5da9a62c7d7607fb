using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What an exception of the capture provider comes to, before the captures begin.</summary>
public sealed class ProviderFailures(IProtectionStore protections, ILogger<ProviderFailures> log)
{
    /// <summary>The answer that the orchestration is given. What is waited for is noted in the protection's row, where people see it.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="what">What could not be done.</param>
    /// <param name="input">The orchestration's.</param>
    /// <param name="cancellationToken">Stops the activity.</param>
    public async Task<ProviderAnswer> AnswerAsync(Exception error, string what, LifecycleInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(input);
        log.LogWarning(error, "Protection {ProtectionId}: {What} (correlation {CorrelationId})", input.ProtectionId, what, input.CorrelationId);
        switch (error)
        {
            case CaptureRefusedException:
                return new ProviderAnswer(Failure: ReasonText.Cut(error.Message));
            case RetryLaterException later:
                if (await protections.FindAsync(input.ProtectionId, cancellationToken) is { } protection)
                    await protections.ReportProgressAsync(protection.Id, protection.Sequence, new CaptureProgress(protection.Counts, 0, error.Message), cancellationToken);
                return new ProviderAnswer(Failure: ReasonText.Cut(error.Message), CanRetry: true, RetryAfter: later.After);
            default:
                return new ProviderAnswer(Failure: ReasonText.Cut($"{what}: {error.Message}"), CanRetry: true);
        }
    }
}
