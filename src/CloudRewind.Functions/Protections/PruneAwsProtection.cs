using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Protections;

/// <summary>Asks for all that a protection holds to be removed before its retention ends.</summary>
public sealed class PruneAwsProtection(
    ProtectionLookup lookup, IProtectionStore protections, IUnfinishedProtections unfinished, TimeProvider time, ILogger<PruneAwsProtection> log)
{
    /// <summary>202, also when repeated; 200 where nothing is left to remove; 409 before the outcome.</summary>
    [Function(nameof(PruneAwsProtection))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.PruneProtection)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var protection = await lookup.FindUndeletedAsync(request, Permissions.PruneProtections, cancellationToken);
        if (protection.Status.IsFinal())
            return Json.Answer(ProtectionResponse.From(protection));
        if (protection.Status.IsRunning())
            throw ApiException.Conflict("protection-running", $"Protection {protection.Id} is still running; it can be pruned once it has its outcome.");

        // On record first, and due for the watchdog: should the event be lost, it is raised again.
        var now = time.GetUtcNow();
        await protections.RequestPruneAsync(protection.Id, now, cancellationToken);
        await unfinished.SetDueAsync(protection.Id, now, cancellationToken);
        var correlationId = CorrelationId.Of(request.HttpContext);
        log.LogInformation("Protection {ProtectionId} is to be pruned (correlation {CorrelationId})", protection.Id, correlationId);
        await orchestrations.PruneNowAsync(protection.Id, correlationId, cancellationToken).OrLeaveToWatchdogAsync(protection.Id, correlationId, log, cancellationToken);
        return ProtectionResponse.Accepted(request, protection);
    }
}
