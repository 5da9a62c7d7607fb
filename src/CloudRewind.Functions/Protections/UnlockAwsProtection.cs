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

/// <summary>Unlocks a protection. Where its retention has ended meanwhile, it is pruned.</summary>
public sealed class UnlockAwsProtection(
    ProtectionLookup lookup, IProtectionStore protections, IUnfinishedProtections unfinished, TimeProvider time, ILogger<UnlockAwsProtection> log)
{
    /// <summary>200, also when repeated.</summary>
    [Function(nameof(UnlockAwsProtection))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.UnlockProtection)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var id = (await lookup.FindUndeletedAsync(request, Permissions.PruneProtections, cancellationToken)).Id;
        var (now, by) = (time.GetUtcNow(), Authorizer.ActorOf(request));
        var act = await protections.ActAsync(id, (current, summary) => current.Unlock(summary, now, by), cancellationToken) ?? throw ApiException.NoSuchProtection(id.ToString());
        var protection = act.Protection;
        if (protection.Status.IsOutcome())
        {
            await unfinished.AddAsync(id, now, cancellationToken);
            await orchestrations.WakeOrStartAsync(id, by, cancellationToken).OrLeaveToWatchdogAsync(id, by, log, cancellationToken);
        }

        log.LogInformation("Protection {ProtectionId} is unlocked (correlation {CorrelationId})", id, by.CorrelationId);
        return Json.Answer(ProtectionResponse.From(protection));
    }
}
