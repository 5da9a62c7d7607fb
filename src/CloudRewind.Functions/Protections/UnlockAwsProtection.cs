using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Protections;

/// <summary>Unlocks a protection. Where its retention has ended meanwhile, it is pruned.</summary>
public sealed class UnlockAwsProtection(ProtectionActs acts, CopyRelease release)
{
    /// <summary>200, also when repeated.</summary>
    [Function(nameof(UnlockAwsProtection))]
    [Requires(Permissions.PruneProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.UnlockProtection)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var (act, _) = await acts.AskAsync(request, (protection, summary, at, by) => protection.Unlock(summary, at, by), cancellationToken);
        if (act.Protection.Status.IsOutcome())
            await release.LookAgainAsync(act.Protection, orchestrations, CorrelationId.Of(request.HttpContext), cancellationToken);
        return Json.Answer(ProtectionResponse.From(act.Protection));
    }
}
