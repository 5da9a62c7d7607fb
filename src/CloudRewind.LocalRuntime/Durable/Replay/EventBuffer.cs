using CloudRewind.LocalRuntime.Durable.History;

namespace CloudRewind.LocalRuntime.Durable.Replay;

/// <summary>External events on their way to those who wait for them.</summary>
internal sealed class EventBuffer
{
    private readonly List<HistoryEvent> _unclaimed = [];
    private readonly Dictionary<string, List<IWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);

    private interface IWaiter
    {
        bool IsOpen { get; }

        Type PayloadType { get; }

        void Deliver(string? payload);
    }

    /// <summary>Events that nobody has waited for, in the order in which they came.</summary>
    public IReadOnlyList<HistoryEvent> Unclaimed => _unclaimed;

    public bool HasWaiters => _waiters.Values.Any(list => list.Any(w => w.IsOpen));

    /// <exception cref="ArgumentException">Another waits for the name, and for another type of payload.</exception>
    public Task<T> WaitAsync<T>(string name, CancellationToken cancellationToken)
    {
        if (_waiters.TryGetValue(name, out var others) && others.Find(w => w.IsOpen && w.PayloadType != typeof(T)) is { } other)
        {
            throw new ArgumentException(
                $"The event '{name}' is waited for as {other.PayloadType.FullName} already, and now as {typeof(T).FullName}.", nameof(name));
        }

        var waiter = new Waiter<T>(cancellationToken);
        var kept = _unclaimed.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (kept >= 0 && waiter.IsOpen)
        {
            var received = _unclaimed[kept];
            _unclaimed.RemoveAt(kept);
            waiter.Deliver(received.Payload);
        }
        else if (others is not null)
        {
            others.Add(waiter);
        }
        else
        {
            _waiters[name] = [waiter];
        }

        return waiter.Task;
    }

    /// <summary>Gives the event to the latest of those who still wait for it, or keeps it.</summary>
    public void Raise(HistoryEvent received)
    {
        if (_waiters.TryGetValue(received.Name!, out var list))
        {
            list.RemoveAll(w => !w.IsOpen);
            if (list.Count > 0)
            {
                var latest = list[^1];
                list.RemoveAt(list.Count - 1);
                latest.Deliver(received.Payload);
                return;
            }
        }

        _unclaimed.Add(received);
    }

    private sealed class Waiter<T> : IWaiter
    {
        // Continuations run in place: that is the orchestrator's own thread.
        private readonly TaskCompletionSource<T> _source = new();

        public Waiter(CancellationToken cancellationToken) =>
            cancellationToken.Register(() => _source.TrySetCanceled(cancellationToken));

        public Task<T> Task => _source.Task;

        public Type PayloadType => typeof(T);

        public bool IsOpen => !_source.Task.IsCompleted;

        public void Deliver(string? payload)
        {
            try
            {
                _source.TrySetResult(DurableJson.Read<T>(payload)!);
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or NotSupportedException)
            {
                _source.TrySetException(e);
            }
        }
    }
}
