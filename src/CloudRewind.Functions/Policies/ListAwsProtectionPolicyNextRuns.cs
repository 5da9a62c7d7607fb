using CloudRewind.Domain;
using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Policies;

/// <summary>Shows when a protection policy is due next.</summary>
public sealed class ListAwsProtectionPolicyNextRuns(PolicyAccess access, TimeProvider time)
{
    private const int DefaultCount = 10;
    private const int MaxCount = 100;

    /// <summary>200 with the next times; none, and the reason, where nothing will run.</summary>
    [Function(nameof(ListAwsProtectionPolicyNextRuns))]
    [Requires(Permissions.ReadPolicies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.NextRuns)] HttpRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var count = QueryParameters.WholeNumberOr(request, "count", DefaultCount, MaxCount, errors, min: 1);
        var (key, _) = PolicyAccess.Enter(request, errors);
        var (policy, assembly) = await access.FindAsync(key, cancellationToken);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (policy.BlockedBy(assembly) is { } block)
            return Json.Answer(new NextRuns(block.ToWireName(), []));
        var schedule = new Schedule(policy.Definition.Schedule);
        return Json.Answer(new NextRuns(null, [.. policy.DueAfter(time.GetUtcNow()).Take((int)count).Select(due => new DueTime(due.UtcDateTime, schedule.ToLocal(due)))]));
    }

    private sealed record NextRuns(string? BlockedBy, IReadOnlyList<DueTime> Runs);

    private sealed record DueTime(DateTime At, DateTimeOffset Local);
}
