using CloudRewind.LocalRuntime.Durable.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.LocalRuntime.Durable.Replay;

/// <summary>Where an orchestration stands after a replay.</summary>
internal sealed record ReplayOutcome
{
    /// <summary>The turn that was run after the history and is not committed yet, or null when there was nothing new.</summary>
    public Turn? NewTurn { get; init; }

    /// <summary>What was asked for and has not come yet, in the order of ids.</summary>
    public IReadOnlyList<HistoryEvent> Open { get; init; } = [];

    public string? CustomStatus { get; init; }

    /// <summary>How the run ended, or null when it goes on.</summary>
    public Ending? Ending { get; init; }

    public IEnumerable<HistoryEvent> OpenOf(EventKind kind) => Open.Where(a => a.Kind == kind);

    /// <summary>When the next timer is due.</summary>
    public DateTime? NextTimer => OpenOf(EventKind.TimerCreated).Min(a => a.FireAt);
}

/// <summary>How a run ended.</summary>
/// <param name="Status">The end's kind; Running stands for continue-as-new.</param>
/// <param name="Payload">The output, or the next run's input, as JSON; the failure's text for a failure.</param>
internal sealed record Ending(OrchestrationRuntimeStatus Status, string? Payload)
{
    public TaskFailureDetails? Failure { get; init; }

    /// <summary>Events that the next run begins with.</summary>
    public IReadOnlyList<HistoryEvent> Kept { get; init; } = [];

    public bool IsNextRun => Status == OrchestrationRuntimeStatus.Running;

    public static Ending Failed(Exception exception)
    {
        var details = TaskFailureDetails.FromException(exception);
        return new Ending(OrchestrationRuntimeStatus.Failed, details.ToString()) { Failure = details };
    }
}
