using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Policies;

/// <summary>Deletes a protection policy. The copies that it has made stay until somebody prunes them.</summary>
public sealed class DeleteAwsProtectionPolicy(PolicyAccess access, IProtectionPolicyStore policies, TimeProvider time, ILogger<DeleteAwsProtectionPolicy> log)
{
    /// <summary>204; repeated: 404.</summary>
    [Function(nameof(DeleteAwsProtectionPolicy))]
    [Requires(Permissions.WritePolicies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.Policy)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (key, by) = PolicyAccess.Enter(request, new FieldErrors());
        await access.RequireChangeableAsync(request, key, cancellationToken);
        var result = await policies.DeleteAsync(
            key, current => Preconditions.AllowWrite(request, current.Version), time.GetUtcNow(), by, cancellationToken);
        log.PolicyChanged(key, PolicyAccess.Require(result, key).Change);
        return Results.StatusCode(StatusCodes.Status204NoContent);
    }
}
