using System.Security.Cryptography;
using System.Text;
using CloudRewind.LocalRuntime.Durable.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Durable.Replay;

/// <summary>The orchestrator's view of a replay: it hands out tasks, and notes what was asked for.</summary>
internal sealed class OrchestrationContext(
    string instanceId, string? input, OrchestratorThread thread, ILoggerFactory loggerFactory) : TaskOrchestrationContext
{
    // The limit of the real one, in UTF-16 as there.
    private const int MaxCustomStatusBytes = 16 * 1024;
    private static readonly Guid GuidSpace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    private readonly SortedDictionary<int, OpenTask> _open = [];
    private readonly List<HistoryEvent> _actions = [];
    private DateTime _now;
    private bool _replaying;
    private int _nextId;
    private int _guids;

    /// <summary>Whether the orchestrator's own code has been reached.</summary>
    public bool WasUsed { get; private set; }

    public EventBuffer Events { get; } = new();

    public string? CustomStatus { get; private set; }

    /// <summary>Set by continue-as-new: the new input, and whether unclaimed events are kept.</summary>
    public (string? Input, bool KeepEvents)? Next { get; private set; }

    public bool WaitsForSomething => _open.Values.Any(t => t.IsOpen) || Events.HasWaiters;

    public override string InstanceId => instanceId;

    public override DateTime CurrentUtcDateTime => OnThread(_now);

    public override bool IsReplaying => _replaying;

    protected override ILoggerFactory LoggerFactory => loggerFactory;

    /// <summary>Sets the clock for what follows.</summary>
    public void BeginTurn(DateTime now, bool replaying) => (_now, _replaying) = (now, replaying);

    /// <summary>What was asked for since the last time.</summary>
    public List<HistoryEvent> TakeActions()
    {
        List<HistoryEvent> taken = [.. _actions];
        _actions.Clear();
        return taken;
    }

    /// <summary>What was asked for and is still wanted, in the order of ids.</summary>
    public IEnumerable<HistoryEvent> Open => _open.Values.Where(t => t.IsOpen).Select(t => t.Action);

    /// <summary>Hands over something that was received.</summary>
    /// <returns>False when nothing waits for it any more.</returns>
    public bool Receive(HistoryEvent received)
    {
        if (received.Kind == EventKind.EventRaised)
        {
            Events.Raise(received);
            return true;
        }

        if (!_open.Remove(received.Id, out var task) || !task.IsOpen)
            return false;
        task.Complete(received);
        return true;
    }

    public override T GetInput<T>() => OnThread(DurableJson.Read<T>(input))!;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        var payload = DurableJson.Write(input);
        return Retried(options, () => Ask<TResult>(new HistoryEvent(EventKind.ActivityCalled) { Name = name.Name, Payload = payload }).Task);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        var payload = DurableJson.Write(input);
        var child = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        InstanceIds.Check(child);
        return Retried(options, () => Ask<TResult>(new HistoryEvent(EventKind.SubOrchestrationCalled)
        {
            Name = orchestratorName.Name,
            InstanceId = child,
            Payload = payload,
        }).Task);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var timer = Ask<object?>(new HistoryEvent(EventKind.TimerCreated) { FireAt = fireAt.ToUniversalTime() });
        cancellationToken.Register(() => timer.Cancel(cancellationToken));
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return OnThread(Events).WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        var status = OnThread(DurableJson.Write(customStatus));
        if (status?.Length * sizeof(char) > MaxCustomStatusBytes)
            throw new ArgumentException($"The custom status is longer than {MaxCustomStatusBytes} bytes as UTF-16 JSON.", nameof(customStatus));
        CustomStatus = status;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        Next = OnThread((DurableJson.Write(newInput), preserveUnprocessedEvents));

    public override Guid NewGuid()
    {
        // A name-based id (RFC 9562, version 5) over what is the same on every replay.
        var name = $"{instanceId}_{CurrentUtcDateTime:o}_{_guids++}";
#pragma warning disable CA5350 // Version 5 ids are made with SHA-1; nothing secret is derived here.
        var hash = SHA1.HashData([.. GuidSpace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private Task<T> Retried<T>(TaskOptions? options, Func<Task<T>> call) =>
        options?.RetryPolicy is { } policy ? RetryLoop.RunAsync(this, policy, call) : call();

    private OpenTask<T> Ask<T>(HistoryEvent action)
    {
        var asked = OnThread(action) with { Id = _nextId++ };
        var task = new OpenTask<T>(asked);
        _actions.Add(asked);
        _open[asked.Id] = task;
        return task;
    }

    private T OnThread<T>(T value)
    {
        if (!thread.IsCurrent)
        {
            throw new InvalidOperationException(
                "The orchestration context was used on another thread. An orchestrator awaits only tasks of its context: no I/O, no Task.Delay, no Task.Run.");
        }

        WasUsed = true;
        return value;
    }
}
