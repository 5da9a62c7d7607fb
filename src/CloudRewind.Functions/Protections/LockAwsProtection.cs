using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Protections;

/// <summary>Locks a protection: nothing prunes it until it is unlocked.</summary>
public sealed class LockAwsProtection(ProtectionActs acts)
{
    /// <summary>200, also when repeated; 409 where it is being pruned, or is.</summary>
    [Function(nameof(LockAwsProtection))]
    [Requires(Permissions.PruneProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.LockProtection)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (act, _) = await acts.AskAsync(request, (protection, summary, at, by) => protection.SetLock(summary, at, by), cancellationToken);
        return act.Result switch
        {
            ActResult.Pruned => throw ApiErrors.ProtectionPruned.Exception(act.Protection.Id),
            ActResult.AssemblyClosed => throw ApiErrors.AssemblyBeingDeleted.Exception(),
            _ => Json.Answer(ProtectionResponse.From(act.Protection)),
        };
    }
}
