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
    private readonly Dictionary<string, int> _handled = [];
    private readonly List<InboxMessage> _results = [];

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _stored.Count == 0 && _results.Count == 0;
        }
    }

    /// <summary>Adds a message that has just been stored, for the first time or again.</summary>
    public void Add(InboxMessage stored)
    {
        lock (_gate)
            _stored[stored.Key] = stored;
    }

    /// <summary>Adds a message that was found in the store; it may have been dealt with since.</summary>
    /// <param name="stored">The message.</param>
    /// <param name="comebacks">The store's count when it was found: what was dealt with at another one is to be dealt with again.</param>
    public void AddFound(InboxMessage stored, int comebacks)
    {
        lock (_gate)
        {
            if (!_handled.TryGetValue(stored.Key, out var handled) || handled != comebacks)
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

    /// <summary>Drops results of activities.</summary>
    public void DropResults()
    {
        lock (_gate)
            _results.Clear();
    }

    /// <summary>Forgets what has been dealt with.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="comebacks">The store's count from before that.</param>
    public void Done(IReadOnlyList<InboxMessage> messages, int comebacks)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                if (message.Key.Length == 0)
                    _results.Remove(message);
                else if (_stored.Remove(message.Key))
                    _handled[message.Key] = comebacks;
            }
        }
    }
}
