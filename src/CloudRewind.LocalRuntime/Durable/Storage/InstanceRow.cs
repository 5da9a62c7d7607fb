using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>Who called a sub-orchestration.</summary>
/// <param name="InstanceId">The calling instance.</param>
/// <param name="RunId">The run of it that called.</param>
/// <param name="TaskId">The call's number in that run.</param>
internal sealed record ParentCall(string InstanceId, string RunId, int TaskId);

/// <summary>
/// The state of an instance. A turn counts from the moment at which this row counts it: writing it is the commit.
/// </summary>
internal sealed record InstanceRow
{
    public const string Key = "instance";

    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; init; }

    /// <summary>One for each start of the instance id; it stays over continue-as-new. Events are meant for a start.</summary>
    public required string StartId { get; init; }

    /// <summary>One for each history; it changes with continue-as-new. Rows of another run are leftovers.</summary>
    public required string RunId { get; init; }

    /// <summary>How many turns the history has.</summary>
    public int Turns { get; init; }

    public string? CustomStatus { get; init; }

    public ParentCall? Parent { get; init; }

    /// <summary>Tells a commit whose answer was lost from one that another made.</summary>
    public string CommitId { get; init; } = NewId();

    public ETag ETag { get; init; }

    public bool Ended => Status is
        OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    public string Partition => KeyText.Encode(InstanceId);

    public string StartKey => $"{RunId}-start";

    public string EndKey => $"{RunId}-end";

    public string TurnKey(int turn) => $"{RunId}-turn-{turn:D6}";

    public static string NewId() => Guid.NewGuid().ToString("N");

    public TableEntity ToEntity()
    {
        // Custom status has the limit of the real one, so it fits beside the rest.
        return new TableEntity(Partition, Key)
        {
            [nameof(InstanceId)] = InstanceId,
            [nameof(Name)] = Name,
            [nameof(Status)] = Status.ToString(),
            [nameof(CreatedAt)] = CreatedAt,
            [nameof(UpdatedAt)] = UpdatedAt,
            [nameof(StartId)] = StartId,
            [nameof(RunId)] = RunId,
            [nameof(Turns)] = Turns,
            [nameof(CustomStatus)] = CustomStatus,
            [nameof(CommitId)] = CommitId,
            ["ParentInstanceId"] = Parent?.InstanceId,
            ["ParentRunId"] = Parent?.RunId,
            ["ParentTaskId"] = Parent?.TaskId,
        };
    }

    public static InstanceRow From(TableEntity entity) => new()
    {
        InstanceId = entity.GetString(nameof(InstanceId)),
        Name = entity.GetString(nameof(Name)),
        Status = Enum.Parse<OrchestrationRuntimeStatus>(entity.GetString(nameof(Status))),
        CreatedAt = entity.GetDateTime(nameof(CreatedAt)) ?? default,
        UpdatedAt = entity.GetDateTime(nameof(UpdatedAt)) ?? default,
        StartId = entity.GetString(nameof(StartId)),
        RunId = entity.GetString(nameof(RunId)),
        Turns = entity.GetInt32(nameof(Turns)) ?? 0,
        CustomStatus = entity.GetString(nameof(CustomStatus)),
        CommitId = entity.GetString(nameof(CommitId)),
        Parent = entity.GetString("ParentInstanceId") is { } parent
            ? new ParentCall(parent, entity.GetString("ParentRunId"), entity.GetInt32("ParentTaskId") ?? 0)
            : null,
        ETag = entity.ETag,
    };
}
