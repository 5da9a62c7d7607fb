using CloudRewind.LocalRuntime.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>
/// Wakes instances when they are due. One loop for all: it holds the rows of the near future in memory and reads the
/// next ones in good time, so an instance that waits for a year costs nothing until its day has come.
/// </summary>
internal sealed class DurableTimers(EngineParts parts, TimeProvider time, ILogger<DurableTimers> logger)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReadInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<DueRow, DateTime> _queue = new();
    private readonly HashSet<string> _queued = [];
    private TaskCompletionSource _changed = NewSignal();
    private DateTime _windowEnd = DateTime.MinValue;
    private DateTime _nextRead = DateTime.MinValue;

    /// <summary>Adds a row that is stored already; one of the far future is found in the store when its time comes near.</summary>
    public void Add(DueRow row)
    {
        lock (_gate)
        {
            if (row.At >= _windowEnd || !_queued.Add(row.Key))
                return;
            _queue.Enqueue(row, row.At);
            _changed.TrySetResult();
        }
    }

    /// <summary>Looks at once for everything that is due, as after a time without the store.</summary>
    public void ReadSoon()
    {
        lock (_gate)
        {
            _nextRead = DateTime.MinValue;
            _changed.TrySetResult();
        }
    }

    /// <param name="wake">Gets each row that is due.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public async Task RunAsync(Action<DueRow> wake, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (parts.Now >= _nextRead)
                await ReadAsync(cancellationToken);
            foreach (var row in TakeDue(parts.Now))
                wake(row);
            await WaitAsync(cancellationToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        DateTime end;
        lock (_gate)
        {
            // From here on Add takes what the read may miss.
            _windowEnd = end = parts.Now + Window;
            _nextRead = parts.Now + ReadInterval;
        }

        var rows = await parts.Storage.KeepTryingAsync(token => parts.DueTable.ReadAsync(end, token), cancellationToken);
        logger.LogDebug("{Count} instances are due up to {End}", rows.Count, end);
        foreach (var row in rows)
            Add(row);
    }

    private List<DueRow> TakeDue(DateTime now)
    {
        var due = new List<DueRow>();
        lock (_gate)
        {
            while (_queue.TryPeek(out var row, out var at) && at <= now)
            {
                _queue.Dequeue();
                _queued.Remove(row.Key);
                due.Add(row);
            }
        }

        return due;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task changed;
        TimeSpan pause;
        lock (_gate)
        {
            var next = _queue.TryPeek(out _, out var at) && at < _nextRead ? at : _nextRead;
            pause = next - parts.Now;
            if (pause <= TimeSpan.Zero)
                return;
            if (_changed.Task.IsCompleted)
                _changed = NewSignal();
            changed = _changed.Task;
        }

        // A timer counts in whole milliseconds: one more, so that it does not come early and go round in circles.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(pause + TimeSpan.FromMilliseconds(1), time, over.Token));
        await over.CancelAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
