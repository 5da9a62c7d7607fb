using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Policies;

/// <summary>Replaces the definition of a protection policy.</summary>
public sealed class PutAwsProtectionPolicy(
    PolicyAccess access, IProtectionPolicyStore policies, IDuePolicies due, CopyRelease release, TimeProvider time, ILogger<PutAwsProtectionPolicy> log)
{
    /// <summary>200. <c>If-Match</c> guards against writing over what the client has not seen.</summary>
    [Function(nameof(PutAwsProtectionPolicy))]
    [Requires(Permissions.WritePolicies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.Policy)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var (key, by) = PolicyAccess.Enter(request, new FieldErrors());
        var definition = await PolicyRequest.ReadAsync(request, cancellationToken);
        var assembly = await access.RequireChangeableAsync(request, key, cancellationToken);

        // It may keep fewer copies from now on: a look lets go what this request does not get to.
        await due.AddAsync(key, time.GetUtcNow(), cancellationToken);
        var result = await policies.ReplaceAsync(
            key, definition, current => Preconditions.AllowWrite(request, current.Version), time.GetUtcNow(), by, cancellationToken);
        var (policy, change) = PolicyAccess.Require(result, key);
        log.PolicyChanged(key, change);
        await release.BeyondCountAsync(key, orchestrations, by.CorrelationId, cancellationToken);
        return PolicyResponse.Of(policy, assembly, request.HttpContext.Response, StatusCodes.Status200OK);
    }
}
