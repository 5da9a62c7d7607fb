using System.Globalization;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Protections;

/// <summary>
/// Get AWS Protection Status: answered from the protection's row, which is one point read. With <c>Prefer: wait=N</c> and an <c>If-None-Match</c>
/// that matches, the answer comes as soon as the status moves, and no later than the app stops.
/// </summary>
public sealed class GetAwsProtectionStatus(ProtectionAccess access, StatusWatch watch, CloudRewindTelemetry telemetry, TimeProvider time)
{
    private const string NotModified = "not-modified";

    // Poll often while little time has passed, and seldom after hours: by a tenth of the protection's age.
    private const double PollsPerAge = 10;
    private const double ShortestPoll = 1;
    private const double LongestPoll = 30;

    /// <summary>200 with the status and nothing else; the rest is in headers.</summary>
    [Function(nameof(GetAwsProtectionStatus))]
    [Requires(Permissions.ReadProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.ProtectionStatus)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        // A stop waits for a read, which takes no time; only what waits for news is cut short.
        var (protection, _) = await access.FindUndeletedAsync(request, request.HttpContext.RequestAborted);
        if (WaitPreference.Read(request) is { } wait && request.Headers.IfNoneMatch.Count > 0)
        {
            WaitPreference.Apply(request.HttpContext.Response, wait);
            if (Preconditions.ClientHas(request, protection.Sequence) && !protection.Status.IsFinal())
            {
                var news = await watch.WaitAsync(protection, wait, stopping: cancellationToken, request.HttpContext.RequestAborted);
                protection = ProtectionAccess.RequireUndeleted(news ?? throw ApiErrors.ProtectionNotFound.Exception(protection.Id.ToString()));
            }
        }

        Describe(protection, request.HttpContext.Response);
        var status = protection.Status.ToWireName();
        var known = Preconditions.ClientHas(request, protection.Sequence);
        telemetry.CountLookup(known ? NotModified : status);
        return known ? Results.StatusCode(StatusCodes.Status304NotModified) : Json.Answer(new StatusResponse(status));
    }

    private void Describe(Protection protection, HttpResponse response)
    {
        response.Headers.ETag = Preconditions.TagOf(protection.Sequence);
        response.Headers.LastModified = protection.UpdatedAt.ToString("R");
        response.Headers.CacheControl = "private, no-cache";
        if (protection.Status.IsRunning())
        {
            var age = (time.GetUtcNow() - protection.CreatedAt).TotalSeconds;
            response.Headers.RetryAfter = Math.Clamp(Math.Ceiling(age / PollsPerAge), ShortestPoll, LongestPoll).ToString(CultureInfo.InvariantCulture);
        }
    }

    private sealed record StatusResponse(string Status);
}
