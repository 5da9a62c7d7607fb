using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Policies;

/// <summary>A policy as the API shows it.</summary>
internal sealed record PolicyResponse(
    long Id,
    string Name,
    string? Description,
    string FrequencyType,
    PolicyResponse.Details FrequencyDetails,
    string TimeZone,
    int RetentionCount,
    string Status,
    DateTime? NextRunAt,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    ActorResponse? UpdatedBy,
    IReadOnlyList<PolicyResponse.Change>? Changes)
{
    /// <summary>The response, with the version as its entity tag.</summary>
    public static IResult Of(ProtectionPolicy policy, HttpResponse response, int statusCode, IReadOnlyList<PolicyChange>? changes = null)
    {
        response.Headers.ETag = Preconditions.TagOf(policy.Version);
        response.Headers.LastModified = policy.LastChange.At.ToString("R");
        response.Headers.CacheControl = "private, no-cache";
        return Json.Answer(From(policy, changes), statusCode);
    }

    /// <summary>The body.</summary>
    public static PolicyResponse From(ProtectionPolicy policy, IReadOnlyList<PolicyChange>? changes = null)
    {
        var (definition, schedule) = (policy.Definition, policy.Definition.Schedule);
        return new PolicyResponse(
            policy.Key.PolicyId,
            definition.Name,
            definition.Description,
            schedule.Frequency.ToWireName(),
            Details.From(schedule),
            schedule.TimeZone,
            definition.RetentionCount,
            PolicyWireNames.Of(definition.Status),
            definition.Status == PolicyStatus.Enabled ? policy.NextDueAt?.UtcDateTime : null,
            policy.CreatedAt.UtcDateTime,
            policy.LastChange.At.UtcDateTime,
            ActorResponse.Of(policy.LastChange.By),
            changes?.Select(change => new Change(change.Version, PolicyWireNames.Of(change.Kind), change.At.UtcDateTime, ActorResponse.Of(change.By))).ToList());
    }

    internal sealed record Change(int Version, string Kind, DateTime At, ActorResponse? By);

    internal sealed record Details(
        IReadOnlyList<string>? DaysOfWeek, IReadOnlyList<string>? Months, IReadOnlyList<int>? DaysOfMonth, IReadOnlyList<int>? Hours, int Offset)
    {
        public static Details From(ScheduleDefinition schedule) => new(
            NullIfEmpty(schedule.DaysOfWeek.Select(DetailNames.Of)),
            NullIfEmpty(schedule.Months.Select(DetailNames.OfMonth)),
            NullIfEmpty(schedule.DaysOfMonth),
            NullIfEmpty(schedule.Hours),
            schedule.OffsetMinutes);

        private static List<T>? NullIfEmpty<T>(IEnumerable<T> entries) => entries.ToList() is { Count: > 0 } some ? some : null;
    }
}
