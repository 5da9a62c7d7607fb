using CloudRewind.Domain;
using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Policies;

/// <summary>Lists the due times of a protection policy that have no protection, newest first, and why.</summary>
public sealed class ListAwsProtectionPolicyMissedRuns(PolicyAccess access, IProtectionPolicyStore policies)
{
    /// <summary>200 with the items of the range.</summary>
    [Function(nameof(ListAwsProtectionPolicyMissedRuns))]
    [Requires(Permissions.ReadPolicies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.MissedRuns)] HttpRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var range = ItemRange.Read(request, errors);
        var (key, _) = PolicyAccess.Enter(request, errors);
        await access.FindAsync(key, cancellationToken);
        var page = await policies.ListMissedAsync(key, range.Skip, range.Take, cancellationToken);
        range.Describe(request, Routes.Url(request, Routes.MissedRuns, key), page.Items.Count, page.Total);
        return Json.Answer(page.Items.Select(missed => new Missed(missed.DueAt.UtcDateTime, missed.Reason.ToWireName(), missed.Detail, missed.RecordedAt.UtcDateTime)));
    }

    private sealed record Missed(DateTime DueAt, string Reason, string Detail, DateTime RecordedAt);
}
