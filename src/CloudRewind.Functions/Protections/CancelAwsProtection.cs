using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Protections;

/// <summary>Asks for the run of a protection to end: nothing more is captured, and its outcome is what it has.</summary>
public sealed class CancelAwsProtection(ProtectionActs acts)
{
    /// <summary>202, also when repeated; 200 once it has ended by it; 409 where it had its outcome before.</summary>
    [Function(nameof(CancelAwsProtection))]
    [Requires(Permissions.CreateProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.CancelProtection)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var (act, by) = await acts.AskAsync(request, (protection, summary, at, actor) => protection.RequestCancel(summary, at, actor), cancellationToken);
        var protection = act.Protection;
        if (act.Result == ActResult.Ended)
        {
            var outcome = (protection.Outcome ?? protection.Status).ToWireName();
            throw ApiErrors.ProtectionEnded.Exception((protection.Id, outcome));
        }

        if (!protection.Status.IsRunning())
            return Json.Answer(ProtectionResponse.From(protection));
        await acts.TellAsync(protection, by, orchestrations, cancellationToken);
        return ProtectionResponse.Accepted(request, protection);
    }
}
