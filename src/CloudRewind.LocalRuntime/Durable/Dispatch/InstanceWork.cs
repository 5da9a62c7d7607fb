using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Durable.Replay;
using CloudRewind.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>
/// What a pass does: load, run a turn if anything has come, commit it, and bring about what the committed history asks
/// for. Everything after the commit derives from the history, so a pass after a crash does it again.
/// </summary>
internal sealed class InstanceWork(InstanceSession session, DurableEngine engine, EngineParts parts)
{
    private readonly HashSet<(string RunId, int TaskId)> _children = [];
    private InstanceRow? _row;
    private RunStart _start = new(null);
    private List<Turn> _turns = [];
    private List<string> _runKeys = [];
    private ReplayOutcome? _outcome;
    private bool _endTold;
    private int _comebacks;
    private Renewal? _renewal;

    /// <summary>Whether the store may hold an older state than the one that is known here.</summary>
    private bool IsOutdated => _comebacks != parts.Storage.Comebacks;

    /// <summary>What is stored has changed: it is this, or is to be read. The next pass begins with it.</summary>
    public void Renew(StoredInstance? stored, int comebacks) => Volatile.Write(ref _renewal, new Renewal(stored, comebacks));

    /// <returns>True when another pass has something to do at once.</returns>
    public async Task<bool> PassAsync()
    {
        var renewal = Interlocked.Exchange(ref _renewal, null);
        // A pass that came between the start and its news has found the start in the store, and may have gone on from it.
        var isKnown = renewal?.Stored is { } start && start.Row.StartId == _row?.StartId;
        if (renewal is not null && !isKnown)
            _row = null;
        if (_row is not null && IsOutdated)
        {
            _row = null;
            await session.Due.DoubtAsync();
        }

        if (_row is null && !await LoadAsync(renewal))
        {
            // Purged, or never made: a due row was left over.
            await DropAsync(session.Mailbox.Peek());
            await SettleAsync(null);
            return IsOutdated;
        }

        if (!_row!.Ended && !await StepAsync())
            return true;
        if (_row.Ended)
            await EndAsync();
        else
            await BringAboutAsync(_row);

        var firstTurnWaits = !_row.Ended && _row.Turns == 0;
        if (!firstTurnWaits)
            await SettleAsync(_outcome?.NextTimer);
        return firstTurnWaits || IsOutdated || !session.Mailbox.IsEmpty;
    }

    private async Task<bool> LoadAsync(Renewal? renewal)
    {
        var stored = renewal?.Stored is not null && renewal.Comebacks == parts.Storage.Comebacks ? renewal.Stored : null;
        _comebacks = parts.Storage.Comebacks;
        stored ??= await parts.Storage.KeepTryingAsync(
            token =>
            {
                _comebacks = parts.Storage.Comebacks;
                return parts.Store.LoadAsync(session.InstanceId, token);
            },
            parts.Dead);
        _outcome = null;
        _endTold = false;
        _children.Clear();
        session.DropActivities();
        if (stored is null)
            return false;

        (_row, _start, _turns, _runKeys) = (stored.Row, stored.Start, [.. stored.Turns], [.. stored.RunKeys]);
        if (_row.Ended || _row.Turns == 0)
            return true;

        _outcome = await ReplayAsync(null);
        if (_outcome.NextTimer is { } next)
            await session.Due.NoteAsync(DueTable.RowAt(_row.InstanceId, next));
        return true;
    }

    /// <summary>Runs a turn if anything has come.</summary>
    /// <returns>False when the instance is to be loaded anew.</returns>
    private async Task<bool> StepAsync()
    {
        var row = _row!;
        var messages = session.Mailbox.Peek();
        List<HistoryEvent> received =
        [
            .. row.Turns == 0 ? _start.Kept : [],
            .. messages.Where(m => m.For == row.StartId || m.For == row.RunId).Where(IsNew).Select(m => m.Event with { MessageKey = m.Key.Length == 0 ? null : m.Key }),
            .. _outcome?.OpenOf(EventKind.TimerCreated).Where(t => t.FireAt <= parts.Now)
                .Select(t => new HistoryEvent(EventKind.TimerFired) { Id = t.Id }) ?? [],
        ];

        if (received.Count > 0 || row.Turns == 0)
            _outcome = await ReplayAsync(received);

        // Even without anything new there may be a turn to commit: the end of a run whose code does not agree with its history.
        if (_outcome is { NewTurn: { } turn } && !await CommitAsync(row, _outcome, turn, messages))
        {
            // The next pass goes on from what is stored, with the messages that are there again.
            parts.Storage.OnOlderState();
            return false;
        }

        await DropAsync(messages);
        return true;
    }

    // A message whose sender did not hear that it arrived comes twice, the second time perhaps after a turn has received it.
    private bool IsNew(InboxMessage message) => message.Key.Length == 0 ||
        !(_start.Handled.Contains(message.Key) || _turns.SelectMany(t => t.Received).Concat(_start.Kept).Any(e => e.MessageKey == message.Key));

    private async Task<bool> CommitAsync(InstanceRow row, ReplayOutcome outcome, Turn turn, IReadOnlyList<InboxMessage> messages)
    {
        var ending = outcome.Ending;
        var next = row with
        {
            Status = ending?.Status ?? OrchestrationRuntimeStatus.Running,
            UpdatedAt = parts.Now,
            CustomStatus = outcome.CustomStatus,
            CommitId = InstanceRow.NewId(),
        };
        CommitRows rows;
        var start = _start;
        if (ending is { IsNextRun: true })
        {
            next = next with { RunId = InstanceRow.NewId(), Turns = 0 };
            start = new RunStart(ending.Payload, ending.Kept, [.. messages.Where(m => m.Key.Length > 0).Select(m => m.Key)]);
            rows = new CommitRows { Texts = [(next.StartKey, DurableJson.Store(start))], Leftovers = _runKeys };
        }
        else
        {
            next = next with { Turns = row.Turns + 1 };
            rows = new CommitRows { Texts = [(row.TurnKey(row.Turns), DurableJson.Store(turn))] };
            if (ending is not null)
                rows = rows with { Texts = [.. rows.Texts, (row.EndKey, DurableJson.Store(new RunEnd(ending.Payload, ending.Failure)))] };
        }

        await parts.Storage.KeepTryingAsync(token => session.Due.CoverAsync(outcome.NextTimer, token), parts.Dead);
        var committed = await parts.Storage.KeepTryingAsync(token => parts.Store.CommitAsync(next, rows, token), parts.Dead);
        if (committed is null)
            return false;

        if (ending is { IsNextRun: true })
        {
            (_start, _turns, _runKeys, _outcome) = (start, [], [], null);
            session.DropActivities();
        }
        else
        {
            _turns.Add(turn);
            _outcome = outcome with { NewTurn = null };
        }

        _runKeys.AddRange(rows.Texts.SelectMany(t => TextRows.KeysOf(t.Key, t.Text)));
        _row = committed;
        return true;
    }

    /// <summary>Calls activities and sub-orchestrations that are open and not at work, and sets the next timer.</summary>
    private async Task BringAboutAsync(InstanceRow row)
    {
        if (_outcome is null)
            return;
        foreach (var call in _outcome.OpenOf(EventKind.ActivityCalled).Select(c => new ActivityCall(session, row.RunId, c)).Where(session.BeginActivity))
            engine.Activities.Enqueue(call);

        foreach (var call in _outcome.OpenOf(EventKind.SubOrchestrationCalled).Where(c => _children.Add((row.RunId, c.Id))))
        {
            var parent = new ParentCall(row.InstanceId, row.RunId, call.Id);
            if (await engine.StartChildAsync(parent, call) is { } failure)
                session.Mailbox.AddResult(row.RunId, new HistoryEvent(EventKind.TaskFailed) { Id = call.Id, Failure = failure });
        }

        if (_outcome.NextTimer is { } next)
            engine.Timers.Add(DueTable.RowAt(row.InstanceId, next));
    }

    private async Task EndAsync()
    {
        var row = _row!;
        session.DropActivities();
        await DropAsync(session.Mailbox.Peek());
        if (_endTold)
            return;
        if (row.Parent is { } parent)
            await engine.TellParentAsync(parent, row);
        engine.Watchers.Ended(row.InstanceId);
        _endTold = true;
        _outcome = null;
    }

    private async Task DropAsync(IReadOnlyList<InboxMessage> messages)
    {
        var stored = messages.Where(m => m.Key.Length > 0).ToList();
        if (stored.Count > 0)
            await parts.Storage.KeepTryingAsync(token => parts.Inbox.RemoveAsync(stored, token), parts.Dead);
        session.Mailbox.Done(messages, _comebacks);
    }

    private sealed record Renewal(StoredInstance? Stored, int Comebacks);

    // What the store may not know of any more, a restart has to find.
    private Task SettleAsync(DateTime? nextTimer) => parts.Storage.KeepTryingAsync(
        token => session.Due.SettleAsync(nextTimer, () => session.IsIdle() && !IsOutdated, token), parts.Dead);

    private Task<ReplayOutcome> ReplayAsync(IReadOnlyList<HistoryEvent>? received)
    {
        // The clock of an orchestration does not go back, whatever the machine's does.
        var now = parts.Now;
        if (_turns is [.., var last] && last.At > now)
            now = last.At;
        return parts.Replayer.RunAsync(_row!, _start, _turns, received, now, parts.Stopping);
    }
}
