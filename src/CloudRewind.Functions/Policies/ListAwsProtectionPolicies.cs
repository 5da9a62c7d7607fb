using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Policies;

/// <summary>Lists the protection policies of a cloud assembly, by id.</summary>
public sealed class ListAwsProtectionPolicies(PolicyAccess access, IProtectionPolicyStore policies, ILogger<ListAwsProtectionPolicies> log)
{
    /// <summary>200 with the items of the range.</summary>
    [Function(nameof(ListAwsProtectionPolicies))]
    [Requires(Permissions.ReadPolicies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Policies)] HttpRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var range = ItemRange.Read(request, errors);
        var (assembly, _) = Authorizer.EnterAssembly(request, errors);
        var protectedAssembly = await access.RequireAssemblyAsync(assembly, cancellationToken);
        var all = await policies.ListAsync(assembly, log.RowUnreadable, cancellationToken);
        var items = all.Skip(range.Skip).Take(range.Take).Select(policy => PolicyResponse.From(policy, protectedAssembly)).ToList();
        range.Describe(request, Routes.Url(request, Routes.Policies, assembly), items.Count, all.Count);
        return Json.Answer(items);
    }
}
