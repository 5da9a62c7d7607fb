using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Protections;

/// <summary>Locks a protection: nothing prunes it until it is unlocked.</summary>
public sealed class LockAwsProtection(ProtectionLookup lookup, IProtectionStore protections, TimeProvider time, ILogger<LockAwsProtection> log)
{
    /// <summary>200, also when repeated; 409 where it is being pruned, or is.</summary>
    [Function(nameof(LockAwsProtection))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.LockProtection)] HttpRequest request, CancellationToken cancellationToken)
    {
        var id = (await lookup.FindUndeletedAsync(request, Permissions.PruneProtections, cancellationToken)).Id;
        var (now, by) = (time.GetUtcNow(), Authorizer.ActorOf(request));
        var act = await protections.ActAsync(id, (current, summary) => current.SetLock(summary, now, by), cancellationToken) ?? throw ApiException.NoSuchProtection(id.ToString());
        switch (act.Result)
        {
            case ActResult.Pruned:
                throw ApiException.Conflict("protection-pruned", $"Protection {id} is being removed, or is gone; it is too late to lock it.");
            case ActResult.AssemblyClosed:
                throw ApiException.AssemblyBeingDeleted();
            default:
                log.LogInformation("Protection {ProtectionId} is locked (correlation {CorrelationId})", id, by.CorrelationId);
                return Json.Answer(ProtectionResponse.From(act.Protection));
        }
    }
}
