using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>
/// Reads the protection's row, which every start of an orchestration begins with, and does what is to be done before its captures: checks the connection, and puts the
/// resources to protect on record. It goes by the row at each step, so that a repetition goes on where the last one ended.
/// </summary>
public sealed class PrepareProtection(
    IProtectionStore protections,
    ICloudAssemblyStore assemblies,
    ICaptureProvider provider,
    TransitionRecorder recorder,
    IWorkList work,
    PollingOptions polling,
    TimeProvider time,
    ILogger<PrepareProtection> log)
{
    /// <summary>One attempt.</summary>
    /// <returns>Null where there is no such protection, or another orchestration drives it.</returns>
    [Function(nameof(PrepareProtection))]
    public Task<PreparedProtection?> Run([ActivityTrigger] LifecycleInput input, [DurableClient] DurableTaskClient orchestrations, FunctionContext context) =>
        AdvanceAsync(input, orchestrations, context.CancellationToken);

    /// <inheritdoc cref="Run"/>
    internal async Task<PreparedProtection?> AdvanceAsync(LifecycleInput input, DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        CloudRewindTelemetry.Tag(input.ProtectionId, input.CorrelationId);
        if (await protections.FindAsync(input.ProtectionId, cancellationToken) is not { } protection || protection.Generation != input.Generation)
            return null;
        if (protection.Status.IsFinal())
            await work.CompleteAsync(WorkKey.Lifecycle(protection.Id), claim: null, cancellationToken);
        if (!IsToPrepare(protection))
            return new PreparedProtection(protection, polling);

        try
        {
            while (IsToPrepare(protection))
            {
                var step = protection.Cancel is { } cancel ? new Step(Failed, cancel.Reason, By: cancel.By)
                    : input.GivenUp is { } why ? new Step(Failed, why)
                    : await TakeAsync(protection, input, cancellationToken);
                var transition = protection.Next(step.To, recorder.Now, step.Reason, step.Counts, step.By ?? input.By) with { Location = step.Location };
                protection = await recorder.RecordAsync(protection, transition, input, orchestrations, step.Inventory, cancellationToken);
            }
        }
        catch (ObstacleException obstacle)
        {
            log.LogWarning(
                obstacle.InnerException, "Protection {ProtectionId}: {What} (correlation {CorrelationId})", protection.Id, obstacle.Message, input.CorrelationId);
            if (obstacle.RetryAfter is not null) // people see in the row what is waited for
                await protections.ReportProgressAsync(protection, new CaptureProgress(protection.Counts, 0, obstacle.Message), cancellationToken);
            return new PreparedProtection(protection, polling, obstacle.Message, obstacle.RetryAfter);
        }

        return new PreparedProtection(protection, polling);
    }

    private static bool IsToPrepare(Protection protection) => protection.Status is Created or Preparing or PreparationCompleted;

    /// <exception cref="ObstacleException">The provider gives no answer now.</exception>
    private async Task<Step> TakeAsync(Protection protection, LifecycleInput input, CancellationToken cancellationToken)
    {
        try
        {
            if (protection.Status == PreparationCompleted)
            {
                await CheckAsync(CaptureTarget.Of(protection, provider), cancellationToken);
                return new Step(InProgress, "The captures are being started.");
            }

            if (await assemblies.FindAsync(protection.Id.Assembly, cancellationToken) is not { Definition: var definition })
                return new Step(Failed, "The cloud assembly is gone.");
            var location = SnapshotLocation.Of(definition, provider);
            if (protection.Status == Created)
            {
                await CheckAsync(new CaptureTarget(protection.Id, location), cancellationToken);
                return new Step(Preparing, "The resources are being gathered.", Location: location);
            }

            // Another place has other resources.
            var target = CaptureTarget.Of(protection, provider);
            return location.IsSamePlaceAs(target.Location)
                ? Describe(await time.WithinAsync(ProviderCalls.Discovery, token => provider.DiscoverAsync(target, definition.Filter, token), cancellationToken), input)
                : new Step(Failed, "The region or the AWS account of the cloud assembly was changed while its resources were being gathered.");
        }
        catch (CaptureRefusedException refused)
        {
            log.LogWarning(
                refused.InnerException,
                "Protection {ProtectionId} is refused (correlation {CorrelationId}): {Reason}",
                protection.Id,
                input.CorrelationId,
                refused.Message);
            return new Step(Failed, refused.Message);
        }
        catch (RetryLaterException later)
        {
            throw new ObstacleException(later.Message, later.After, later);
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            throw new ObstacleException($"{(protection.Status == Preparing ? "The resources could not be discovered" : "The connection could not be checked")}: {error.Message}", null, error);
        }
    }

    private Task<bool> CheckAsync(CaptureTarget target, CancellationToken cancellationToken) => time.WithinAsync(ProviderCalls.Check, async token =>
    {
        await provider.CheckAsync(target, token);
        return true;
    }, cancellationToken);

    private Step Describe(Discovery found, LifecycleInput input)
    {
        log.LogInformation(
            "Protection {ProtectionId}: {Resources} to protect, {LeftOut} left out (correlation {CorrelationId})",
            input.ProtectionId, found.Resources.Count, found.LeftOut.Count, input.CorrelationId);
        var notCovered = Describe(found.LeftOut);
        return found.Resources.Count == 0
            ? new Step(Skipped, $"There is nothing to protect. {notCovered}".TrimEnd())
            : new Step(
                PreparationCompleted,
                $"Resources to protect: {found.Resources.Count}. {notCovered}".TrimEnd(),
                new ResourceCounts(found.Resources.Count, 0, found.Resources.Count(resource => resource.Failure is not null)),
                Inventory: found.Resources);
    }

    // The preview names all of them.
    private static string? Describe(IReadOnlyList<LeftOut> leftOut) => leftOut.Count == 0
        ? null
        : $"Not covered: {leftOut[0].ResourceId} ({leftOut[0].Type}): {leftOut[0].Reason}{(leftOut.Count == 1 ? "" : $" There are {leftOut.Count - 1} more.")}";

    private sealed record Step(
        ProtectionStatus To,
        string Reason,
        ResourceCounts? Counts = null,
        Actor? By = null,
        SnapshotLocation? Location = null,
        IReadOnlyCollection<DiscoveredResource>? Inventory = null);

    private sealed class ObstacleException(string what, TimeSpan? retryAfter, Exception error) : Exception(ReasonText.Cut(what), error)
    {
        public TimeSpan? RetryAfter => retryAfter;
    }
}
