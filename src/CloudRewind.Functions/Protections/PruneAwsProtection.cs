using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Protections;

/// <summary>Asks for all that a protection holds to be removed before its retention ends.</summary>
public sealed class PruneAwsProtection(ProtectionActs acts)
{
    /// <summary>202, also when repeated; 200 where nothing is left to remove; 409 before the outcome, or where it is locked.</summary>
    [Function(nameof(PruneAwsProtection))]
    [Requires(Permissions.PruneProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.PruneProtection)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var (act, by) = await acts.AskAsync(request, (protection, summary, at, actor) => protection.RequestPrune(summary, at, actor), cancellationToken);
        var protection = act.Protection;
        if (protection.Status.IsFinal())
            return Json.Answer(ProtectionResponse.From(protection));
        if (act.Result == ActResult.Running)
            throw ApiErrors.ProtectionRunning.Exception(protection.Id);
        if (act.Result == ActResult.Locked)
            throw ApiErrors.ProtectionLocked.Exception(protection.Id);

        await acts.TellAsync(protection, by, orchestrations, cancellationToken);
        return ProtectionResponse.Accepted(request, protection);
    }
}
