using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Durable.Storage;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>
/// What waits for an instance's next turn. Stored messages may be delivered and found in the store as well, and count
/// once; results of activities are in memory only, and an activity whose result is lost runs again.
/// </summary>
internal sealed class Mailbox
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, InboxMessage> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _handled = [];
    private readonly List<InboxMessage> _results = [];

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _stored.Count == 0 && _results.Count == 0;
        }
    }

    public void Add(InboxMessage stored)
    {
        lock (_gate)
        {
            if (!_handled.Contains(stored.Key))
                _stored[stored.Key] = stored;
        }
    }

    public void AddResult(string runId, HistoryEvent received)
    {
        lock (_gate)
            _results.Add(new InboxMessage("", "", runId, received));
    }

    /// <summary>Everything there is; it stays here until <see cref="Done"/>.</summary>
    public IReadOnlyList<InboxMessage> Peek()
    {
        lock (_gate)
            return [.. _results, .. _stored.Values];
    }

    /// <summary>Takes messages anew that were dealt with, because the store has lost that.</summary>
    public void TakeAnew()
    {
        lock (_gate)
            _handled.Clear();
    }

    /// <summary>Forgets what has been dealt with.</summary>
    public void Done(IReadOnlyList<InboxMessage> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                if (message.Key.Length == 0)
                    _results.Remove(message);
                else if (_stored.Remove(message.Key))
                    _handled.Add(message.Key);
            }
        }
    }
}
