using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Protections;

/// <summary>Shows every transition of a protection, what else happened to it, and the state of each of its resources.</summary>
public sealed class GetAwsProtectionTimeline(ProtectionAccess access, IProtectionStore protections, IResourceInventory inventory)
{
    /// <summary>200, also once the assembly is deleted. The resources are gone once the protection has elapsed; the transitions stay.</summary>
    [Function(nameof(GetAwsProtectionTimeline))]
    [Requires(Permissions.ReadProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.ProtectionTimeline)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var (protection, _) = await access.FindAsync(request, cancellationToken);
        var transitions = await protections.GetTimelineAsync(protection.Id, cancellationToken);
        var events = protection.Events == 0 ? [] : await protections.GetEventsAsync(protection.Id, cancellationToken);
        var resources = await inventory.ReadAsync(protection.Id, cancellationToken);
        request.HttpContext.Response.Headers.CacheControl = "private, no-cache";
        return Json.Answer(new Timeline(
            protection.Outcome?.ToWireName(), Location.Of(protection.Location), Progress.Of(protection.Progress), [.. transitions.Select(Transition.Of)], [.. events.Select(Event.Of)], [.. resources.Select(Resource.Of)]));
    }

    private sealed record Timeline(
        string? Outcome, Location? Location, Progress? Progress, IReadOnlyList<Transition> Transitions, IReadOnlyList<Event> Events, IReadOnlyList<Resource> Resources);

    // Without the external id, which is a secret.
    private sealed record Location(string Provider, string Region, string RoleArn)
    {
        public static Location? Of(SnapshotLocation? location) =>
            location is null ? null : new(location.Provider, location.Region, location.Connection.RoleArn);
    }

    private sealed record Transition(int Sequence, string? From, string To, DateTime At, string Reason, ActorResponse? By, ResourceTotals Resources)
    {
        public static Transition Of(ProtectionTransition transition) => new(
            transition.Sequence,
            transition.From?.ToWireName(),
            transition.To.ToWireName(),
            transition.At.UtcDateTime,
            transition.Reason,
            ActorResponse.Of(transition.By),
            ResourceTotals.Of(transition.Counts));
    }

    private sealed record Event(string Kind, DateTime At, string Reason, ActorResponse? By)
    {
        public static Event Of(ProtectionEvent happened) => new(happened.Kind.ToWireName(), happened.At.UtcDateTime, happened.Reason, ActorResponse.Of(happened.By));
    }

    private sealed record Progress(int Percent, ResourceTotals Resources, string? Waiting)
    {
        public static Progress? Of(CaptureProgress? progress) =>
            progress is null ? null : new(progress.Percent, ResourceTotals.Of(progress.Counts), progress.Waiting);
    }

    private sealed record Resource(string Id, string Type, string GroupId, int SizeGiB, string State, string? SnapshotId, DateTime? TakenAt, string? Reason)
    {
        public static Resource Of(ProtectedResource resource) => new(
            resource.ResourceId,
            resource.Type,
            resource.GroupId,
            resource.SizeGiB,
            resource.State.ToWireName(),
            resource.SnapshotId,
            resource.TakenAt?.UtcDateTime,
            resource.Reason);
    }
}
