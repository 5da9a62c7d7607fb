using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Durable.History;

/// <summary>What a history event says.</summary>
internal enum EventKind
{
    /// <summary>Received: an event from outside, by name.</summary>
    EventRaised = 1,

    /// <summary>Received: the activity or sub-orchestration of this id has a result.</summary>
    TaskCompleted = 2,

    /// <summary>Received: the activity or sub-orchestration of this id failed.</summary>
    TaskFailed = 3,

    /// <summary>Received: the timer of this id is due.</summary>
    TimerFired = 4,

    /// <summary>Received: the orchestration is to end.</summary>
    Terminated = 5,

    /// <summary>Action: an activity was called.</summary>
    ActivityCalled = 11,

    /// <summary>Action: a timer was made.</summary>
    TimerCreated = 12,

    /// <summary>Action: a sub-orchestration was called.</summary>
    SubOrchestrationCalled = 13,
}

/// <summary>One thing that an orchestration received, or asked for.</summary>
internal sealed record HistoryEvent(EventKind Kind)
{
    /// <summary>The task's number in the run; the action has it, and what is received for it.</summary>
    public int Id { get; init; }

    /// <summary>The function that is called, or the external event's name.</summary>
    public string? Name { get; init; }

    /// <summary>Input, result or event payload as JSON.</summary>
    public string? Payload { get; init; }

    /// <summary>The sub-orchestration's instance id.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The key of the message that brought it.</summary>
    public string? MessageKey { get; init; }

    /// <summary>When a timer is due.</summary>
    public DateTime? FireAt { get; init; }

    /// <summary>Why the task failed.</summary>
    public TaskFailureDetails? Failure { get; init; }

    /// <summary>The action in words, for a message.</summary>
    public string Describe() => Kind switch
    {
        EventKind.ActivityCalled => $"#{Id} a call of the activity '{Name}'",
        EventKind.TimerCreated => $"#{Id} a timer",
        EventKind.SubOrchestrationCalled => $"#{Id} a call of the orchestrator '{Name}'",
        _ => $"#{Id} {Kind}",
    };
}

/// <summary>
/// One step of an orchestration, committed as a whole: what it received, and what it asked for in answer. Replaying all
/// turns in order brings the orchestrator to where it stands.
/// </summary>
/// <param name="At">When, in UTC: the orchestrator's clock during the turn.</param>
/// <param name="Received">In the order in which the orchestrator saw them.</param>
/// <param name="Actions">In the order of their ids.</param>
internal sealed record Turn(DateTime At, IReadOnlyList<HistoryEvent> Received, IReadOnlyList<HistoryEvent> Actions);

/// <summary>What a run begins with.</summary>
/// <param name="Input">The input as JSON.</param>
/// <param name="Kept">Events that the run before has not waited for.</param>
/// <param name="Handled">The keys of messages that the run before received in its last turn.</param>
[method: JsonConstructor]
internal sealed record RunStart(string? Input, IReadOnlyList<HistoryEvent> Kept, IReadOnlyList<string> Handled)
{
    /// <summary>The start of an instance.</summary>
    public RunStart(string? input)
        : this(input, [], [])
    {
    }
}

/// <summary>What a run ended with.</summary>
/// <param name="Output">The output as JSON, or the failure's text.</param>
/// <param name="Failure">Why it failed.</param>
internal sealed record RunEnd(string? Output, TaskFailureDetails? Failure);
