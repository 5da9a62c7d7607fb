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
    /// <summary>202, also when repeated; 200 where nothing is left to remove; 409 before the outcome, or where it is locked.</summary>
    [Function(nameof(PruneAwsProtection))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.PruneProtection)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var id = (await lookup.FindUndeletedAsync(request, Permissions.PruneProtections, cancellationToken)).Id;
        var (now, by) = (time.GetUtcNow(), Authorizer.ActorOf(request));

        // On record first, and due for the watchdog: should the event be lost, it is raised again.
        var act = await protections.ActAsync(id, (current, summary) => current.RequestPrune(summary, now, by), cancellationToken) ?? throw ApiException.NoSuchProtection(id.ToString());
        var protection = act.Protection;
        if (protection.Status.IsFinal())
            return Json.Answer(ProtectionResponse.From(protection));
        if (act.Result == ActResult.Running)
            throw ApiException.Conflict("protection-running", $"Protection {id} is still running; it can be pruned once it has its outcome.");
        if (act.Result == ActResult.Locked)
            throw ApiException.ProtectionLocked(id);

        await unfinished.AddAsync(id, now, cancellationToken);
        log.LogInformation("Protection {ProtectionId} is to be pruned (correlation {CorrelationId})", id, by.CorrelationId);
        await orchestrations.WakeOrStartAsync(id, by, cancellationToken).OrLeaveToWatchdogAsync(id, by, log, cancellationToken);
        return ProtectionResponse.Accepted(request, protection);
    }
}
