using CloudRewind.Domain.Assemblies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Lists the cloud assemblies of a project, by id, each with its last protection and its newest good copy.</summary>
public sealed class ListAwsCloudAssemblies(ICloudAssemblyStore assemblies, AssemblyHistory protections)
{
    /// <summary>200 with the items of the range.</summary>
    [Function(nameof(ListAwsCloudAssemblies))]
    [Requires(Permissions.ReadAssemblies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Assemblies)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var range = ItemRange.Read(request, errors);
        var (account, project) = Authorizer.EnterProject(request, errors);
        var page = await assemblies.ListAsync(account, project, range.Skip, range.Take, cancellationToken);
        range.Describe(request, Routes.Url(request, Routes.Assemblies, account, project), page.Items.Count, page.Total);
        return Json.Answer(await protections.DescribeAsync(page.Items, cancellationToken));
    }
}
