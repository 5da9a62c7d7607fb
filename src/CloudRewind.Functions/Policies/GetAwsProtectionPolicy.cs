using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Policies;

/// <summary>Shows a protection policy, and who changed it.</summary>
public sealed class GetAwsProtectionPolicy(PolicyAccess access, IProtectionPolicyStore policies)
{
    /// <summary>200.</summary>
    [Function(nameof(GetAwsProtectionPolicy))]
    [Requires(Permissions.ReadPolicies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Policy)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (key, _) = PolicyAccess.Enter(request, new FieldErrors());
        var (policy, assembly) = await access.FindAsync(key, cancellationToken);
        var changes = await policies.ListChangesAsync(key, ChangeResponse.Most, cancellationToken);
        return PolicyResponse.Of(policy, assembly, request.HttpContext.Response, StatusCodes.Status200OK, changes);
    }
}
