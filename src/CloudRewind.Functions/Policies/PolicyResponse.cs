using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
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
    string? NextRunBlockedBy,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    ActorResponse? UpdatedBy,
    IReadOnlyList<ChangeResponse>? Changes)
{
    /// <summary>The response, with the version as its entity tag.</summary>
    public static IResult Of(ProtectionPolicy policy, CloudAssembly assembly, HttpResponse response, int statusCode, IReadOnlyList<Change>? changes = null)
    {
        response.Headers.ETag = Preconditions.TagOf(policy.Version);
        response.Headers.LastModified = policy.LastChange.At.ToString("R");
        response.Headers.CacheControl = "private, no-cache";
        return Json.Answer(From(policy, assembly, changes), statusCode);
    }

    /// <summary>The body.</summary>
    public static PolicyResponse From(ProtectionPolicy policy, CloudAssembly assembly, IReadOnlyList<Change>? changes = null)
    {
        var (definition, schedule) = (policy.Definition, policy.Definition.Schedule);
        var blockedBy = policy.BlockedBy(assembly);
        return new PolicyResponse(
            policy.Key.PolicyId,
            definition.Name,
            definition.Description,
            schedule.Frequency.ToWireName(),
            Details.From(schedule),
            schedule.TimeZone,
            definition.RetentionCount,
            definition.Status.ToWireName(),
            blockedBy is null ? policy.NextDueAt?.UtcDateTime : null,
            blockedBy?.ToWireName(),
            policy.CreatedAt.UtcDateTime,
            policy.LastChange.At.UtcDateTime,
            ActorResponse.Of(policy.LastChange.By),
            ChangeResponse.Of(changes));
    }

    internal sealed record Details(
        IReadOnlyList<string>? DaysOfWeek, IReadOnlyList<string>? Months, IReadOnlyList<int>? DaysOfMonth, IReadOnlyList<int>? Hours, int Offset)
    {
        public static Details From(ScheduleDefinition schedule) => new(
            NullIfEmpty(schedule.DaysOfWeek.Select(CalendarNames.Of)),
            NullIfEmpty(schedule.Months.Select(CalendarNames.OfMonth)),
            NullIfEmpty(schedule.DaysOfMonth),
            NullIfEmpty(schedule.Hours),
            schedule.OffsetMinutes);

        private static List<T>? NullIfEmpty<T>(IEnumerable<T> entries) => entries.ToList() is { Count: > 0 } some ? some : null;
    }
}
