using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Durable.Storage;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>
/// An instance that has something to do, in memory: it is made when something comes for the instance and dropped as soon
/// as the instance waits. It says when there is work and sees to it that one pass at a time runs.
/// </summary>
internal sealed class InstanceSession
{
    private readonly Lock _gate = new();
    private readonly DurableEngine _engine;
    private readonly InstanceWork _work;
    private readonly Dictionary<(string RunId, int TaskId), ActivityCall> _activities = [];
    private bool _queued;
    private bool _again;
    private bool _closed;
    private int _pins;

    public InstanceSession(string instanceId, DurableEngine engine, EngineParts parts)
    {
        InstanceId = instanceId;
        _engine = engine;
        Due = new DueKeys(instanceId, parts);
        _work = new InstanceWork(this, engine, parts);
    }

    public string InstanceId { get; }

    public Mailbox Mailbox { get; } = new();

    public DueKeys Due { get; }

    /// <summary>Keeps the session in memory until <see cref="Unpin"/>.</summary>
    /// <returns>False when it has been dropped already.</returns>
    public bool TryPin()
    {
        lock (_gate)
        {
            if (!_closed)
                _pins++;
            return !_closed;
        }
    }

    public void Unpin()
    {
        lock (_gate)
            _pins--;
        Signal();
    }

    /// <summary>Asks for a pass.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            _again = true;
            if (_closed || _queued)
                return;
            _queued = true;
        }

        _engine.Enqueue(this);
    }

    /// <summary>What is stored has been changed by someone else than this session, and is this, or is to be read.</summary>
    /// <param name="stored">What is stored now; null: it is to be read.</param>
    /// <param name="comebacks">The store's count from before that was written.</param>
    public void Forget(StoredInstance? stored, int comebacks) => _work.Renew(stored, comebacks);

    /// <summary>Runs one pass, and asks for the next where there is more to do.</summary>
    public async Task RunAsync()
    {
        lock (_gate)
            _again = false;
        var goOn = await _work.PassAsync();
        lock (_gate)
        {
            if (!goOn && !_again && _pins == 0 && _activities.Count == 0 && Mailbox.IsEmpty)
            {
                _closed = true;
                _engine.Drop(this);
                return;
            }

            _queued = goOn || _again;
            if (!_queued)
                return;
        }

        _engine.Enqueue(this);
    }

    /// <summary>Gives up after something unforeseen: what comes next for the instance begins with what is stored.</summary>
    public void GiveUp()
    {
        lock (_gate)
            _closed = true;
        _engine.Drop(this);
    }

    /// <summary>Whether nothing is under way but the pass that asks.</summary>
    public bool IsIdle()
    {
        lock (_gate)
            return !_again && _pins == 0 && _activities.Count == 0 && Mailbox.IsEmpty;
    }

    /// <returns>False when the activity is at work already.</returns>
    public bool BeginActivity(ActivityCall call)
    {
        lock (_gate)
            return _activities.TryAdd((call.RunId, call.Action.Id), call);
    }

    /// <summary>Takes an activity's result; one that nobody waits for any more is dropped.</summary>
    public void EndActivity(ActivityCall call, HistoryEvent? received)
    {
        lock (_gate)
        {
            // After the store went back, a call of this number may be another one than this.
            var key = (call.RunId, call.Action.Id);
            if (!_activities.TryGetValue(key, out var awaited) || awaited != call || _closed)
                return;
            _activities.Remove(key);
            if (received is not null)
                Mailbox.AddResult(call.RunId, received);
        }

        Signal();
    }

    /// <summary>What the activities of the run have returned, or still return, is of no meaning.</summary>
    public void DropActivities()
    {
        lock (_gate)
        {
            _activities.Clear();
            Mailbox.DropResults();
        }
    }
}
