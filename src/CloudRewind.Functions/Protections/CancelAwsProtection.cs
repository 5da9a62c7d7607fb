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

/// <summary>Asks for the run of a protection to end: nothing more is captured, and its outcome is what it has.</summary>
public sealed class CancelAwsProtection(
    ProtectionLookup lookup, IProtectionStore protections, IUnfinishedProtections unfinished, TimeProvider time, ILogger<CancelAwsProtection> log)
{
    /// <summary>202, also when repeated; 200 once it has ended by it; 409 where it had its outcome before.</summary>
    [Function(nameof(CancelAwsProtection))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.CancelProtection)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var id = (await lookup.FindUndeletedAsync(request, Permissions.CreateProtections, cancellationToken)).Id;
        var (now, by) = (time.GetUtcNow(), Authorizer.ActorOf(request));

        // On record first, and due for the watchdog: should the event be lost, it is raised again.
        var act = await protections.ActAsync(id, (current, summary) => current.RequestCancel(summary, now, by), cancellationToken) ?? throw ApiException.NoSuchProtection(id.ToString());
        var protection = act.Protection;
        if (act.Result == ActResult.Ended)
            throw ApiException.Conflict("protection-ended", $"Protection {id} has its outcome, {protection.Outcome?.ToWireName() ?? protection.Status.ToWireName()}; there is nothing to cancel.");
        if (!protection.Status.IsRunning())
            return Json.Answer(ProtectionResponse.From(protection));

        await unfinished.AddAsync(id, now, cancellationToken);
        log.LogInformation("Protection {ProtectionId} is cancelled (correlation {CorrelationId})", id, by.CorrelationId);
        await orchestrations.WakeOrStartAsync(id, by, cancellationToken).OrLeaveToWatchdogAsync(id, by, log, cancellationToken);
        return ProtectionResponse.Accepted(request, protection);
    }
}
