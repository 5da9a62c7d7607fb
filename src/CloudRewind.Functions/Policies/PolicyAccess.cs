using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Policies;

/// <summary>What every operation on policies asks first.</summary>
public sealed class PolicyAccess(ICloudAssemblyStore assemblies, IProtectionPolicyStore policies)
{
    /// <summary>The policy that the path names.</summary>
    /// <exception cref="ApiException">403, 412: the request is not let through.</exception>
    public static (PolicyKey Key, Actor By) Enter(HttpRequest request, FieldErrors errors)
    {
        var policyId = PathParameters.ReadId(request, "protectionPolicyId", errors);
        var (assembly, by) = Authorizer.EnterAssembly(request, errors);
        return (new PolicyKey(assembly, policyId!.Value), by);
    }

    /// <summary>The policy as it stands, and its assembly.</summary>
    /// <exception cref="ApiException">404: there is none, or no such assembly.</exception>
    public async Task<(ProtectionPolicy Policy, CloudAssembly Assembly)> FindAsync(PolicyKey key, CancellationToken cancellationToken)
    {
        var assembly = await RequireAssemblyAsync(key.Assembly, cancellationToken);
        return (await policies.FindAsync(key, cancellationToken) ?? throw ApiErrors.PolicyNotFound.Exception(key.PolicyId), assembly);
    }

    /// <summary>The assembly, which must be there.</summary>
    /// <exception cref="ApiException">404: there is none.</exception>
    public async Task<CloudAssembly> RequireAssemblyAsync(AssemblyKey key, CancellationToken cancellationToken) =>
        await assemblies.FindAsync(key, cancellationToken) ?? throw ApiErrors.AssemblyNotFound.Exception(key.CloudAssemblyId);

    /// <summary>The assembly, which must be there and not on its way to being deleted.</summary>
    /// <exception cref="ApiException">404: there is none; 409: it is being deleted.</exception>
    public async Task<CloudAssembly> RequireUndeletedAssemblyAsync(AssemblyKey key, CancellationToken cancellationToken) =>
        RequireUndeleted(await RequireAssemblyAsync(key, cancellationToken));

    /// <summary>The same for a policy that is to be changed: also whether the request's conditions hold, and the assembly is not being deleted.</summary>
    /// <exception cref="ApiException">412: a condition does not hold, which it does not where there is no policy; 404: there is none; 409: its assembly is being deleted.</exception>
    /// <returns>The policy's assembly.</returns>
    public async Task<CloudAssembly> RequireChangeableAsync(HttpRequest request, PolicyKey key, CancellationToken cancellationToken)
    {
        var policy = await policies.FindAsync(key, cancellationToken);
        if (!Preconditions.AllowWrite(request, policy?.Version))
            throw ApiErrors.PreconditionFailed.Exception();
        var assembly = await RequireAssemblyAsync(key.Assembly, cancellationToken);
        if (policy is null)
            throw ApiErrors.PolicyNotFound.Exception(key.PolicyId);
        return RequireUndeleted(assembly);
    }

    /// <summary>The policy that a change came to.</summary>
    /// <exception cref="ApiException">404, 409, 412: the change was refused.</exception>
    internal static PolicyResult.Accepted Require(PolicyResult result, PolicyKey? key) => result switch
    {
        PolicyResult.Accepted accepted => accepted,
        PolicyResult.NameTaken taken => throw ApiErrors.PolicyNameTaken.Exception((taken.Other.PolicyId, taken.Name)),
        PolicyResult.TooMany => throw ApiErrors.TooManyPolicies.Exception(ProtectionPolicy.MostOfAssembly),
        PolicyResult.AssemblyClosed => throw ApiErrors.AssemblyBeingDeleted.Exception(),
        PolicyResult.ConditionFailed => throw ApiErrors.PreconditionFailed.Exception(),
        _ => throw ApiErrors.PolicyNotFound.Exception(key!.PolicyId),
    };

    private static CloudAssembly RequireUndeleted(CloudAssembly assembly) =>
        assembly.Definition.Status.IsDeletedOrDeleting() ? throw ApiErrors.AssemblyBeingDeleted.Exception() : assembly;
}
