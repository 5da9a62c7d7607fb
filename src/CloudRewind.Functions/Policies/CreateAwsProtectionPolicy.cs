using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Policies;

/// <summary>Creates a protection policy of a cloud assembly.</summary>
public sealed class CreateAwsProtectionPolicy(
    PolicyAccess access, IProtectionPolicyStore policies, TimeProvider time, ILogger<CreateAwsProtectionPolicy> log)
{
    /// <summary>201; 409 where another policy of the assembly has the name, so that a request that is sent twice makes one policy.</summary>
    [Function(nameof(CreateAwsProtectionPolicy))]
    [Requires(Permissions.WritePolicies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Policies)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (assembly, by) = Authorizer.EnterAssembly(request, new FieldErrors());
        var definition = await PolicyRequest.ReadAsync(request, cancellationToken);
        var protectedAssembly = await access.RequireUndeletedAssemblyAsync(assembly, cancellationToken);

        var result = await policies.CreateAsync(assembly, definition, time.GetUtcNow(), by, cancellationToken);
        var (policy, change) = PolicyAccess.Require(result, key: null);
        log.PolicyChanged(policy.Key, change);
        request.HttpContext.Response.Headers.Location = Routes.Url(request, Routes.Policy, policy.Key);
        return PolicyResponse.Of(policy, protectedAssembly, request.HttpContext.Response, StatusCodes.Status201Created);
    }
}
