using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Protections;

/// <summary>Lists the protections of a cloud assembly, newest first unless it is asked otherwise.</summary>
public sealed class ListAwsProtections(ICloudAssemblyStore assemblies, IProtectionStore protections)
{
    private static readonly long LatestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static readonly Dictionary<string, bool> SortOrders = new(StringComparer.OrdinalIgnoreCase) { ["DESC"] = false, ["ASC"] = true };

    /// <summary>200 with the items of the range.</summary>
    [Function(nameof(ListAwsProtections))]
    [Requires(Permissions.ReadProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Protections)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var from = QueryParameters.WholeNumberOr(request, "start_time", 0, max: LatestMilliseconds, errors);
        var to = QueryParameters.WholeNumberOr(request, "end_time", LatestMilliseconds, max: LatestMilliseconds, errors);
        var statuses = QueryParameters.ChoiceOr(request, "groupStatus", "ALL", StatusGroups.Groups, errors);
        var oldestFirst = QueryParameters.ChoiceOr(request, "sortOrder", "DESC", SortOrders, errors);
        var range = ItemRange.Read(request, errors);
        if (from > to)
            errors.Add("start_time", $"{from} is after end_time, {to}.");
        var (assembly, _) = Authorizer.EnterAssembly(request, errors);

        if (await assemblies.FindAsync(assembly, cancellationToken) is null)
            throw ApiErrors.AssemblyNotFound.Exception(assembly.CloudAssemblyId);
        var page = await protections.ListAsync(new ProtectionQuery(assembly, from, to, range.Skip, range.Take, statuses, oldestFirst), cancellationToken);
        range.Describe(request, Routes.Url(request, Routes.Protections, assembly), page.Items.Count, page.Total);
        return Json.Answer(page.Items.Select(ProtectionResponse.From));
    }
}
