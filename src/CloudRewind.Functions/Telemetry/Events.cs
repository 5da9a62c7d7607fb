using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Telemetry;

/// <summary>
/// What alerts, the workbook and people look for in the log. The name of each event and of its fields is a contract with infra/monitoring/events.json;
/// the wording is not.
/// </summary>
internal static partial class Events
{
    [LoggerMessage(1, LogLevel.Information, "Protection {ProtectionId} was accepted (sequence {Sequence}, correlation {CorrelationId})", EventName = nameof(ProtectionAccepted))]
    public static partial void ProtectionAccepted(this ILogger log, ProtectionId protectionId, int sequence, string correlationId);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "Protection {ProtectionId} is {To} after {From} (sequence {Sequence}, correlation {CorrelationId}): {Reason}",
        EventName = nameof(TransitionRecorded))]
    public static partial void TransitionRecorded(this ILogger log, ProtectionId protectionId, string? from, string to, int sequence, string correlationId, string? reason);

    /// <summary>Something other than its orchestration has moved the protection.</summary>
    [LoggerMessage(
        3,
        LogLevel.Critical,
        "Protection {ProtectionId} cannot go from {From} to {To} (sequence {Sequence}, correlation {CorrelationId}): {Result}. Something else has driven it",
        EventName = nameof(TransitionConflict))]
    public static partial void TransitionConflict(this ILogger log, ProtectionId protectionId, string? from, string to, int sequence, string correlationId, string result);

    /// <summary>The protection has not moved for longer than its phase may take, whether its orchestration runs or has been started again and again.</summary>
    [LoggerMessage(
        4,
        LogLevel.Error,
        "Protection {ProtectionId} stands still: {Status} since {UpdatedAt}, while its orchestration is {Found} (sequence {Sequence})",
        EventName = nameof(ProtectionStalled))]
    public static partial void ProtectionStalled(this ILogger log, ProtectionId protectionId, string status, DateTimeOffset updatedAt, string found, int sequence);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "Protection {ProtectionId} was {Status} with nothing driving it (orchestration: {Found}); started again (sequence {Sequence}, correlation {CorrelationId})",
        EventName = nameof(OrchestrationRestarted))]
    public static partial void OrchestrationRestarted(this ILogger log, ProtectionId protectionId, string status, string found, int sequence, string correlationId);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "The deletion of cloud assembly {Assembly} had nothing driving it (orchestration: {Found}); started again (correlation {CorrelationId})",
        EventName = nameof(DeletionRestarted))]
    public static partial void DeletionRestarted(this ILogger log, AssemblyKey assembly, string found, string correlationId);

    [LoggerMessage(7, LogLevel.Error, "The deletion of cloud assembly {Assembly}, begun at {Since}, stands still (orchestration: {Found})", EventName = nameof(DeletionStalled))]
    public static partial void DeletionStalled(this ILogger log, AssemblyKey assembly, DateTimeOffset since, string found);

    /// <summary>The heartbeat: where it is missing, nothing looks after protections.</summary>
    [LoggerMessage(8, LogLevel.Information, "The watchdog looked at {Looked} protections and deletions: {Restarted} started again, {Stalled} stand still", EventName = nameof(WatchdogCompleted))]
    public static partial void WatchdogCompleted(this ILogger log, int looked, int restarted, int stalled);

    /// <summary>The latency alert leaves out the requests that say this: they take as long as their clients want them to.</summary>
    [LoggerMessage(9, LogLevel.Information, "Status lookup of {ProtectionId} waits for the next transition, for at most {Limit}", EventName = nameof(LookupWaits))]
    public static partial void LookupWaits(this ILogger log, ProtectionId protectionId, TimeSpan limit);

    /// <summary>A due time has no protection, and will have none.</summary>
    [LoggerMessage(10, LogLevel.Warning, "Protection policy {Policy} missed {DueAt} ({Why}): {Reason}", EventName = nameof(DueTimeMissed))]
    public static partial void DueTimeMissed(this ILogger log, PolicyKey policy, DateTimeOffset dueAt, string why, string reason);

    /// <summary>The newest good copy is older than its policy's interval and half of it; said at every look for as long as that is so.</summary>
    [LoggerMessage(
        11,
        LogLevel.Error,
        "The newest good copy of cloud assembly {Assembly} is older than protection policy {Policy} allows since {Since}: {NewestGood}, of {NewestGoodAt}",
        EventName = nameof(CopyOverdue))]
    public static partial void CopyOverdue(this ILogger log, AssemblyKey assembly, PolicyKey policy, DateTimeOffset since, string newestGood, DateTimeOffset? newestGoodAt);

    /// <summary>The heartbeat: where it is missing, nothing starts what is due.</summary>
    [LoggerMessage(
        12, LogLevel.Information, "The scheduler looked at {Looked} policies: {Started} protections started, {Missed} due times missed, {Overdue} overdue", EventName = nameof(ScheduleCompleted))]
    public static partial void ScheduleCompleted(this ILogger log, int looked, int started, int missed, int overdue);

    /// <summary>A caller, or the app on a caller's behalf, has changed what is protected, or when.</summary>
    [LoggerMessage(
        20,
        LogLevel.Information,
        "{What} was {Kind} by {Actor} (version {Version}, correlation {CorrelationId}): {Changes}",
        EventName = nameof(DefinitionChanged))]
    public static partial void DefinitionChanged(this ILogger log, string what, string kind, string actor, int version, string correlationId, string changes);

    /// <inheritdoc cref="DefinitionChanged"/>
    public static void AssemblyChanged(this ILogger log, AssemblyKey assembly, Change change) => log.Changed($"Cloud assembly {assembly}", change);

    /// <inheritdoc cref="DefinitionChanged"/>
    public static void PolicyChanged(this ILogger log, PolicyKey policy, Change change) => log.Changed($"Protection policy {policy}", change);

    private static void Changed(this ILogger log, string what, Change change) => log.DefinitionChanged(
        what, ChangeResponse.NameOf(change.Kind), change.By.Name, change.Version, change.By.CorrelationId, ReasonText.Cut(string.Join("; ", change.Fields)));
}
