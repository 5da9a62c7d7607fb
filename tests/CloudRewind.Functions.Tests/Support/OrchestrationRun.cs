using Azure;
using CloudRewind.Domain;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Worker.Grpc;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>
/// One orchestration and the engine under it, in memory: the SDK replays the orchestrator at each turn, as it does in the app, while activities
/// are scripted and the clock jumps to what comes next. Timers are cut to whole seconds, as the engine of Azure Storage cuts them.
/// </summary>
internal sealed class OrchestrationRun
{
    private const int MostTurns = 10_000;

    private readonly string name;
    private readonly string instanceId;
    private readonly Func<string, string> turn;
    private readonly List<Message> messages = [];
    private readonly List<HistoryEvent> history = [];
    private int sequence;
    private string? customStatus;

    private OrchestrationRun(string name, string instanceId, object input, DateTimeOffset start, Func<string, string> turn)
    {
        this.name = name;
        this.instanceId = instanceId;
        this.turn = turn;
        Now = start;
        Begin(JsonDataConverter.Default.Serialize(input)!);
    }

    /// <summary>The scripted activities, by name. One that throws has failed.</summary>
    public Dictionary<string, Func<string, object?>> Activities { get; } = [];

    /// <summary>The engine's clock.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The activities that were called.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>How long each timer was asked to take.</summary>
    public List<TimeSpan> Timers { get; } = [];

    /// <summary>The most events that one history has held.</summary>
    public int LongestHistory { get; private set; }

    /// <summary>How often the history began anew.</summary>
    public int Restarts { get; private set; }

    /// <summary>What the custom status says.</summary>
    public T Shown<T>() => JsonDataConverter.Default.Deserialize<T>(customStatus)!;

    /// <summary>How it ended; null while it runs.</summary>
    public CompleteOrchestrationAction? Ending { get; private set; }

    /// <summary>Whether it waits for something that is not on its way.</summary>
    public bool IsStuck => Ending is null && messages.Count == 0;

    /// <summary>An orchestration that has been scheduled.</summary>
    public static OrchestrationRun Of<TInput>(string name, Func<TaskOrchestrationContext, Task> orchestrator, string instanceId, TInput input, DateTimeOffset start)
        where TInput : notnull =>
        new(name, instanceId, input, start, request => GrpcOrchestrationRunner.LoadAndRun<TInput, object>(request, async (context, _) =>
        {
            await orchestrator(context);
            return null;
        }));

    /// <summary>Has something done at a time, before what the engine does then.</summary>
    public void At(DateTimeOffset due, Action action) => messages.Add(new Message(due, -1, action, null, OutlivesHistory: true));

    /// <summary>Raises an event, now.</summary>
    public void Raise(string eventName, object payload) =>
        Post(Now, new HistoryEvent { EventId = -1, EventRaised = new EventRaisedEvent { Name = eventName, Input = JsonDataConverter.Default.Serialize(payload) } }, outlivesHistory: true);

    /// <summary>Runs until it has ended.</summary>
    public void RunToEnd() => RunUntil(() => Ending is not null);

    /// <summary>Runs until a condition holds.</summary>
    public void RunUntil(Func<bool> condition)
    {
        for (var turns = 0; !condition(); turns++)
        {
            Assert.True(turns < MostTurns, $"not after {MostTurns} turns");
            Assert.False(IsStuck, "it waits for nothing");
            Assert.True(Ending is null, $"it ended: {Ending}");
            Turn();
        }
    }

    private void Turn()
    {
        var next = messages.Min(message => message.Due);
        Now = next > Now ? next : Now;
        foreach (var action in messages.Where(message => message.Action is not null && message.Due <= Now).ToList())
        {
            messages.Remove(action);
            action.Action!();
        }

        var due = messages.Where(message => message.Event is not null && message.Due <= Now).OrderBy(message => message.Order).ToList();
        if (due.Count == 0)
            return;
        messages.RemoveAll(due.Contains);

        var request = new OrchestratorRequest { InstanceId = instanceId, ExecutionId = $"run-{Restarts}" };
        request.PastEvents.AddRange(history);
        request.NewEvents.Add(Stamp(new HistoryEvent { EventId = -1, OrchestratorStarted = new OrchestratorStartedEvent() }));
        request.NewEvents.AddRange(due.Select(message => message.Event));
        history.AddRange(request.NewEvents);
        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(turn(Convert.ToBase64String(request.ToByteArray()))));
        customStatus = response.CustomStatus ?? customStatus;
        foreach (var action in response.Actions)
            Take(action);
        history.Add(Stamp(new HistoryEvent { EventId = -1, OrchestratorCompleted = new OrchestratorCompletedEvent() }));
        LongestHistory = Math.Max(LongestHistory, history.Count);
    }

    private void Take(OrchestratorAction action)
    {
        switch (action.OrchestratorActionTypeCase)
        {
            case OrchestratorAction.OrchestratorActionTypeOneofCase.ScheduleTask:
                history.Add(Stamp(new HistoryEvent
                {
                    EventId = action.Id,
                    TaskScheduled = new TaskScheduledEvent { Name = action.ScheduleTask.Name, Input = action.ScheduleTask.Input },
                }));
                Post(Now, Call(action.Id, action.ScheduleTask));
                break;
            case OrchestratorAction.OrchestratorActionTypeOneofCase.CreateTimer:
                var fireAt = action.CreateTimer.FireAt;
                Timers.Add(fireAt.ToDateTimeOffset() - Now);
                history.Add(Stamp(new HistoryEvent { EventId = action.Id, TimerCreated = new TimerCreatedEvent { FireAt = fireAt } }));
                Post(
                    new Timestamp { Seconds = fireAt.Seconds }.ToDateTimeOffset(),
                    new HistoryEvent { EventId = -1, TimerFired = new TimerFiredEvent { FireAt = fireAt, TimerId = action.Id } });
                break;
            case OrchestratorAction.OrchestratorActionTypeOneofCase.SendEvent:
                history.Add(Stamp(new HistoryEvent
                {
                    EventId = action.Id,
                    EventSent = new EventSentEvent { InstanceId = action.SendEvent.Instance.InstanceId, Name = action.SendEvent.Name, Input = action.SendEvent.Data },
                }));
                Assert.Equal(instanceId, action.SendEvent.Instance.InstanceId);
                Post(
                    Now,
                    new HistoryEvent { EventId = -1, EventRaised = new EventRaisedEvent { Name = action.SendEvent.Name, Input = action.SendEvent.Data } },
                    outlivesHistory: true);
                break;
            case OrchestratorAction.OrchestratorActionTypeOneofCase.CompleteOrchestration
                when action.CompleteOrchestration.OrchestrationStatus == OrchestrationStatus.ContinuedAsNew:
                BeginAnew(action.CompleteOrchestration);
                break;
            case OrchestratorAction.OrchestratorActionTypeOneofCase.CompleteOrchestration:
                Ending = action.CompleteOrchestration;
                break;
            default:
                throw new NotSupportedException(action.ToString());
        }
    }

    // What an activity or a timer of the old history would still say is nothing to the new one.
    private void BeginAnew(CompleteOrchestrationAction ending)
    {
        Restarts++;
        history.Clear();
        messages.RemoveAll(message => !message.OutlivesHistory);
        Begin(ending.Result);
        foreach (var carried in ending.CarryoverEvents)
            Post(Now, carried, outlivesHistory: true);
    }

    private void Begin(string input) => Post(Now, new HistoryEvent
    {
        EventId = -1,
        ExecutionStarted = new ExecutionStartedEvent
        {
            Name = name,
            Input = input,
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId, ExecutionId = $"run-{Restarts}" },
        },
    });

    // An IOException as the Durable extension may give it: without the details of the failure.
    private HistoryEvent Call(int id, ScheduleTaskAction task)
    {
        Calls.Add(task.Name);
        try
        {
            var result = JsonDataConverter.Default.Serialize(Activities[task.Name](task.Input));
            return new HistoryEvent { EventId = -1, TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = result } };
        }
        catch (IOException)
        {
            return new HistoryEvent { EventId = -1, TaskFailed = new TaskFailedEvent { TaskScheduledId = id } };
        }
        catch (Exception error) when (error is TimeoutException or StoreUnavailableException or RequestFailedException)
        {
            var details = new Microsoft.DurableTask.Protobuf.TaskFailureDetails { ErrorType = error.GetType().FullName, ErrorMessage = error.Message };
            return new HistoryEvent { EventId = -1, TaskFailed = new TaskFailedEvent { TaskScheduledId = id, FailureDetails = details } };
        }
    }

    private void Post(DateTimeOffset due, HistoryEvent message, bool outlivesHistory = false) =>
        messages.Add(new Message(due, sequence++, null, Stamp(message), outlivesHistory));

    private HistoryEvent Stamp(HistoryEvent message)
    {
        message.Timestamp = Timestamp.FromDateTimeOffset(Now);
        return message;
    }

    private sealed record Message(DateTimeOffset Due, int Order, Action? Action, HistoryEvent? Event, bool OutlivesHistory);
}
