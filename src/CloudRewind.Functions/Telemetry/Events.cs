using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Telemetry;

/// <summary>
/// What alerts, the workbook and people look for in the log. The name of each event and of its fields is a contract with infra/monitoring/events.json;
/// the wording is not.
/// </summary>
internal static partial class Events
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Protection {ProtectionId} of cloud assembly '{AssemblyName}' was accepted (sequence {Sequence}, correlation {CorrelationId})",
        EventName = nameof(ProtectionAccepted))]
    public static partial void ProtectionAccepted(this ILogger log, ProtectionId protectionId, string assemblyName, int sequence, string correlationId);

    /// <summary>A failure is an error; a copy that is not whole, or that there is none of, is a warning.</summary>
    public static void TransitionRecorded(this ILogger log, ProtectionTransition transition, string correlationId) => log.TransitionRecorded(
        transition.To switch
        {
            ProtectionStatus.Failed or ProtectionStatus.PruningFailed => LogLevel.Error,
            ProtectionStatus.PartiallyProtected or ProtectionStatus.Skipped => LogLevel.Warning,
            _ => LogLevel.Information,
        },
        transition.Id,
        transition.From?.ToWireName(),
        transition.To.ToWireName(),
        transition.Sequence,
        correlationId,
        transition.Reason);

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
    public static partial void ProtectionStalled(this ILogger log, ProtectionId protectionId, string status, IsoTime updatedAt, string found, int sequence);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "Protection {ProtectionId} was {Status} with nothing driving it (orchestration: {Found}); started again (generation {Generation}, sequence {Sequence}, correlation {CorrelationId})",
        EventName = nameof(OrchestrationRestarted))]
    public static partial void OrchestrationRestarted(
        this ILogger log, ProtectionId protectionId, string status, string found, int generation, int sequence, string correlationId);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "The deletion of cloud assembly {Assembly} had nothing driving it (orchestration: {Found}); started again (generation {Generation}, correlation {CorrelationId})",
        EventName = nameof(DeletionRestarted))]
    public static partial void DeletionRestarted(this ILogger log, AssemblyKey assembly, string found, int generation, string correlationId);

    [LoggerMessage(7, LogLevel.Error, "The deletion of cloud assembly {Assembly}, begun at {Since}, stands still (orchestration: {Found})", EventName = nameof(DeletionStalled))]
    public static partial void DeletionStalled(this ILogger log, AssemblyKey assembly, IsoTime since, string found);

    /// <summary>Where it is missing, nothing looks after protections.</summary>
    [LoggerMessage(8, LogLevel.Information, "Watchdog: {Looked} checked, {Restarted} restarted, {Stalled} stalled", EventName = nameof(WatchdogCompleted))]
    public static partial void WatchdogCompleted(this ILogger<Heartbeat> log, int looked, int restarted, int stalled);

    /// <summary>The latency alert leaves out the requests that say this: they take as long as their clients want them to.</summary>
    [LoggerMessage(9, LogLevel.Information, "Status lookup of {ProtectionId} waits for the next transition, for at most {Limit}", EventName = nameof(LookupWaits))]
    public static partial void LookupWaits(this ILogger log, ProtectionId protectionId, TimeSpan limit);

    /// <summary>
    /// A due time has no protection, and will have none. It is an error where the app was down, and no more than information where a pause was asked for.
    /// </summary>
    public static void DueTimeMissed(this ILogger log, ProtectionPolicy policy, string assemblyName, MissedRun missed) => log.DueTimeMissed(
        missed.Reason switch
        {
            MissedReason.PolicyPaused or MissedReason.AssemblyDisabled => LogLevel.Information,
            MissedReason.Down => LogLevel.Error,
            _ => LogLevel.Warning,
        },
        policy.Definition.Name,
        policy.Key,
        assemblyName,
        missed.DueAt,
        missed.Reason.ToWireName(),
        missed.Detail);

    /// <summary>There is no full copy as new as the policy wants it; logged at every look for as long as that is so.</summary>
    public static void CopyOverdue(this ILogger log, ProtectionPolicy policy, string assemblyName, DateTimeOffset since, RecoveryPoint? newestGood) => log.CopyOverdue(
        assemblyName,
        policy.Key.Assembly,
        policy.Definition.Name,
        policy.Key,
        since,
        newestGood switch
        {
            null => "there is none",
            { Outcome: ProtectionStatus.Success } => $"the newest is {newestGood.Id}, of {new IsoTime(newestGood.At)}",
            _ => $"there is only {newestGood.Id}, of {new IsoTime(newestGood.At)}, which is {newestGood.Outcome.ToWireName()}",
        });

    /// <summary>Where it is missing, nothing starts what is due.</summary>
    [LoggerMessage(
        12,
        LogLevel.Information,
        "Scheduler: {Looked} checked, {Started} started, {Missed} missed, {Overdue} overdue",
        EventName = nameof(ScheduleCompleted))]
    public static partial void ScheduleCompleted(this ILogger<Heartbeat> log, int looked, int started, int missed, int overdue);

    [LoggerMessage(
        EventId = 2,
        EventName = nameof(TransitionRecorded),
        Message = "Protection {ProtectionId}: {From} -> {To} (sequence {Sequence}, correlation {CorrelationId}): {Reason}")]
    private static partial void TransitionRecorded(
        this ILogger log, LogLevel level, ProtectionId protectionId, string? from, string to, int sequence, string correlationId, string? reason);

    [LoggerMessage(
        EventId = 10,
        EventName = nameof(DueTimeMissed),
        Message = "Protection policy '{PolicyName}' ({Policy}) of cloud assembly '{AssemblyName}' missed {DueAt} ({Why}): {Reason}")]
    private static partial void DueTimeMissed(
        this ILogger log, LogLevel level, string policyName, PolicyKey policy, string assemblyName, IsoTime dueAt, string why, string reason);

    [LoggerMessage(
        11,
        LogLevel.Error,
        "Cloud assembly '{AssemblyName}' ({Assembly}) has no full copy as new as protection policy '{PolicyName}' ({Policy}) wants it, since {Since}: {Newest}",
        EventName = nameof(CopyOverdue))]
    private static partial void CopyOverdue(
        this ILogger log, string assemblyName, AssemblyKey assembly, string policyName, PolicyKey policy, IsoTime since, string newest);

    /// <summary>A caller, or the app on a caller's behalf, has changed what is protected, or when.</summary>
    [LoggerMessage(
        20,
        LogLevel.Information,
        "{What} was {Kind} by {Actor} (version {Version}, correlation {CorrelationId}): {Changes}",
        EventName = nameof(DefinitionChanged))]
    public static partial void DefinitionChanged(this ILogger log, string what, string kind, string actor, int version, string correlationId, string changes);

    /// <summary>The policy starts no protections, although it is enabled: the tz database of this version is older than the one that it was written with.</summary>
    [LoggerMessage(
        21,
        LogLevel.Error,
        "Protection policy {Policy} cannot run: this version's tz database does not have its time zone, '{TimeZone}'",
        EventName = nameof(TimeZoneUnknown))]
    public static partial void TimeZoneUnknown(this ILogger log, PolicyKey policy, string timeZone);

    /// <summary>A row was passed over, so that it keeps no other from being read.</summary>
    public static void RowUnreadable(this ILogger log, UnreadableRow row) => log.RowUnreadable(row.Table, row.PartitionKey, row.RowKey, row.Error.Message);

    /// <inheritdoc cref="RowUnreadable(ILogger, UnreadableRow)"/>
    [LoggerMessage(
        22,
        LogLevel.Error,
        "The row '{RowKey}' of partition '{PartitionKey}' of the table {Table} cannot be read, and is passed over: {Error}",
        EventName = nameof(RowUnreadable))]
    public static partial void RowUnreadable(this ILogger log, string table, string partitionKey, string rowKey, string error);

    /// <inheritdoc cref="DefinitionChanged"/>
    public static void AssemblyChanged(this ILogger log, AssemblyKey assembly, Change change) => log.Changed($"Cloud assembly {assembly}", change);

    /// <inheritdoc cref="DefinitionChanged"/>
    public static void PolicyChanged(this ILogger log, PolicyKey policy, Change change) => log.Changed($"Protection policy {policy}", change);

    private static void Changed(this ILogger log, string what, Change change) => log.DefinitionChanged(
        what, change.Kind.ToWireName(), change.By.Name, change.Version, change.By.CorrelationId, ReasonText.Cut(string.Join("; ", change.Fields)));

    /// <summary>A token of an account is refused from now on.</summary>
    [LoggerMessage(
        30,
        LogLevel.Information,
        "Token {TokenId} of account {AccountId} was revoked by {Actor} (token {By}, correlation {CorrelationId}): {Reason}",
        EventName = nameof(TokenRevoked))]
    public static partial void TokenRevoked(
        this ILogger log, long accountId, string tokenId, string actor, string by, string correlationId, string? reason);
}
