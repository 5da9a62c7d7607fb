using System.Collections.Concurrent;
using System.Threading.Channels;
using Azure;
using CloudRewind.LocalRuntime.Durable.Dispatch;
using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Functions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Durable;

/// <summary>Runs the orchestrations of a hub.</summary>
internal sealed class DurableEngine : IAsyncDisposable
{
    private static readonly TimeSpan ActivityStopLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan PassStopLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, InstanceSession> _sessions = [];
    private readonly Channel<InstanceSession> _ready = Channel.CreateUnbounded<InstanceSession>();
    private readonly EngineParts _parts;
    private readonly HubTables _tables;
    private readonly HubOwner _owner;
    private readonly HostFile _limits;
    private readonly ILogger<DurableEngine> _logger;
    private Task _workers = Task.CompletedTask;
    private Task _timerLoop = Task.CompletedTask;
    private Task? _workStop;
    private int _ended;
    private int _recovers;

    public DurableEngine(
        EngineParts parts,
        HubTables tables,
        HubOwner owner,
        ActivityDispatcher activities,
        DurableTimers timers,
        HostFile limits,
        ILogger<DurableEngine> logger)
    {
        (_parts, _tables, _owner, _limits, _logger) = (parts, tables, owner, limits, logger);
        (Activities, Timers) = (activities, timers);
        owner.Lost += OnOwnershipLost;
        parts.Storage.Back += RecoverSoon;
    }

    /// <summary>Raised when another process has taken the hub: nothing is worked on here any more.</summary>
    public event Action? OwnershipLost;

    public ActivityDispatcher Activities { get; }

    public DurableTimers Timers { get; }

    public CompletionWatchers Watchers { get; } = new();

    /// <summary>Makes the tables and takes the hub. Orchestrations can be started from here on, and wait.</summary>
    /// <exception cref="LocalRuntimeStartException">Another process has the hub.</exception>
    public async Task TakeOwnershipAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _parts.Storage.KeepTryingAsync(_tables.CreateAsync, cancellationToken);
            await _owner.TakeAsync(cancellationToken);
        }
        catch (RequestFailedException e)
        {
            throw new LocalRuntimeStartException($"The store refuses the local runtime: {e.Message.Split('\n')[0].Trim()} ({e.Status} {e.ErrorCode})");
        }
    }

    /// <summary>Goes on with everything that is due, and with what comes.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // First, because an event that comes from now on must not overtake one that is stored.
        await DeliverStoredAsync();
        cancellationToken.ThrowIfCancellationRequested();
        _workers = Task.WhenAll(Enumerable.Range(0, _limits.MaxOrchestrators).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        Activities.Start(_limits.MaxActivities);
        _timerLoop = Task.Run(() => Timers.RunAsync(Wake, _parts.Stopping), CancellationToken.None);
    }

    /// <summary>Begins nothing new, and gives the activities at work a moment to finish.</summary>
    public Task StopWorkAsync()
    {
        _parts.Stop();
        return _workStop ??= Activities.StopAsync(ActivityStopLimit);
    }

    /// <summary>Commits what has come, and gives the hub back.</summary>
    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
            return;
        await StopWorkAsync();
        _ready.Writer.TryComplete();
        await Task.WhenAny(_workers, Task.Delay(PassStopLimit));
        _parts.Die();
        await _timerLoop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _owner.ReleaseAsync();
    }

    /// <summary>Lets go at once, as a kill would.</summary>
    public async Task CrashAsync()
    {
        Interlocked.Exchange(ref _ended, 1);
        _parts.Die();
        _ready.Writer.TryComplete();
        await _owner.AbandonAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>The session of an instance, pinned: whoever calls this unpins it.</summary>
    public InstanceSession Acquire(string instanceId)
    {
        while (true)
        {
            var session = _sessions.GetOrAdd(instanceId, id => new InstanceSession(id, this, _parts));
            if (session.TryPin())
                return session;
            Drop(session);
        }
    }

    public void Drop(InstanceSession session) => _sessions.TryRemove(KeyValuePair.Create(session.InstanceId, session));

    public void Enqueue(InstanceSession session) => _ready.Writer.TryWrite(session);

    /// <summary>Starts an instance, or starts one that has ended anew.</summary>
    /// <returns>False when the instance runs.</returns>
    public async Task<bool> CreateAsync(NewInstance start, CancellationToken cancellationToken)
    {
        var session = Acquire(start.InstanceId);
        var comebacks = _parts.Storage.Comebacks;
        try
        {
            var existing = await _parts.Store.GetAsync(start.InstanceId, cancellationToken);
            if (existing?.StartId == start.StartId)
                return true;
            if (existing is { Ended: false })
                return false;
            await session.Due.CoverAsync(null, cancellationToken);
            var row = new InstanceRow
            {
                InstanceId = start.InstanceId,
                Name = start.Name,
                CreatedAt = _parts.Now,
                UpdatedAt = _parts.Now,
                StartId = start.StartId,
                RunId = InstanceRow.NewId(),
                Parent = start.Parent,
            };
            var run = new RunStart(start.Input);
            var created = await _parts.Store.CreateAsync(row, run, existing, cancellationToken);
            session.Forget(created is null ? null : new StoredInstance(created, run, [], [.. TextRows.KeysOf(row.StartKey, DurableJson.Store(run))]), comebacks);
            return created is not null;
        }
        finally
        {
            session.Unpin();
        }
    }

    /// <summary>Stores a message for an instance and has a turn receive it.</summary>
    public async Task SendAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var session = Acquire(message.InstanceId);
        try
        {
            await _parts.Inbox.AddAsync(message, cancellationToken);
            session.Mailbox.Add(message);
        }
        finally
        {
            session.Unpin();
        }
    }

    /// <summary>Starts the instance that a call asks for; one that this very call has started already is left alone.</summary>
    /// <returns>Why it cannot be started, or null.</returns>
    public Task<TaskFailureDetails?> StartChildAsync(ParentCall parent, HistoryEvent call) => _parts.Storage.KeepTryingAsync(
        async token =>
        {
            if (_parts.Catalog.Get(FunctionKind.Orchestrator, call.Name) is null)
                return NotStarted($"The function '{call.Name}' doesn't exist, or is not an orchestrator.");
            var existing = await _parts.Store.GetAsync(call.InstanceId!, token);
            if (existing?.Parent == parent || await CreateAsync(new NewInstance(call.Name!, call.InstanceId!, call.Payload, parent), token))
                return null;
            return NotStarted($"An orchestration with the instance id '{call.InstanceId}' runs already.");
        },
        _parts.Dead);

    /// <summary>Hands the end of an instance to the one that called it, if that one still waits for it.</summary>
    public Task TellParentAsync(ParentCall parent, InstanceRow child) => _parts.Storage.KeepTryingAsync(
        async token =>
        {
            var row = await _parts.Store.GetAsync(parent.InstanceId, token);
            if (row is not { Ended: false } || row.RunId != parent.RunId)
                return;
            var end = DurableJson.Restore<RunEnd>((await _parts.Store.GetTextAsync(child.Partition, child.EndKey, token))!);
            var received = child.Status == OrchestrationRuntimeStatus.Completed
                ? new HistoryEvent(EventKind.TaskCompleted) { Payload = end.Output }
                : new HistoryEvent(EventKind.TaskFailed) { Failure = end.Failure ?? NotStarted($"The orchestration was terminated: {end.Output}") };
            await SendAsync(InboxMessage.ToParent(parent, received with { Id = parent.TaskId }), token);
        },
        _parts.Dead);

    /// <summary>Looks again for work in the store, which may have come back with an older state.</summary>
    public void RecoverSoon()
    {
        Timers.ReadSoon();
        _ = DeliverStoredAsync();
    }

    private async Task DeliverStoredAsync()
    {
        try
        {
            var comebacks = 0;
            var messages = await _parts.Storage.KeepTryingAsync(
                token =>
                {
                    comebacks = _parts.Storage.Comebacks;
                    return _parts.Inbox.ReadAsync(token);
                },
                _parts.Dead);
            foreach (var message in messages)
            {
                var session = Acquire(message.InstanceId);
                session.Mailbox.AddFound(message, comebacks);
                session.Unpin();
            }
        }
        catch (OperationCanceledException)
        {
            // The app stops: the next start delivers them.
        }
    }

    private static TaskFailureDetails NotStarted(string why) => new(TaskFailureDetails.UnknownType, why, null, null);

    private void Wake(DueRow row)
    {
        var session = Acquire(row.InstanceId);
        _ = NoteAsync();

        async Task NoteAsync()
        {
            await session.Due.NoteAsync(row).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            session.Unpin();
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var session in _ready.Reader.ReadAllAsync())
        {
            if (_parts.Dead.IsCancellationRequested)
                return;
            try
            {
                await session.RunAsync();
            }
            catch (OperationCanceledException) when (_parts.Dead.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _logger.LogError(e, "The instance {InstanceId} cannot go on; trying again in {Seconds} s", session.InstanceId, GiveUpPause.TotalSeconds);
                session.GiveUp();
                _ = RecoverLaterAsync();
            }
        }
    }

    private async Task RecoverLaterAsync()
    {
        if (Interlocked.Exchange(ref _recovers, 1) == 1)
            return;
        await Task.Delay(GiveUpPause, _parts.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Write(ref _recovers, 0);
        if (!_parts.Stopping.IsCancellationRequested)
            RecoverSoon();
    }

    private void OnOwnershipLost()
    {
        _logger.LogCritical("Another process has taken the hub {Hub}: this one stops", _tables.HubName);
        _parts.Die();
        OwnershipLost?.Invoke();
    }
}
