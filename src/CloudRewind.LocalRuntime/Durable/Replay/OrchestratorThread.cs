namespace CloudRewind.LocalRuntime.Durable.Replay;

/// <summary>
/// The thread that an orchestrator runs on during a turn: what it awaits goes on here, and nowhere else, until nothing is
/// left to do. Nothing ever blocks: a turn ends when its queue is empty.
/// </summary>
internal sealed class OrchestratorThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly int _threadId = Environment.CurrentManagedThreadId;

    /// <summary>True when something came back from a thread that is not the orchestrator's.</summary>
    public bool WasLeft { get; private set; }

    public bool IsCurrent => Environment.CurrentManagedThreadId == _threadId;

    /// <summary>Runs an action, and all that follows from it, on this thread.</summary>
    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (_queue.TryDequeue(out var work))
                work.Callback(work.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <inheritdoc />
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
            _queue.Enqueue((d, state));
        else
            WasLeft = true;
    }

    /// <inheritdoc />
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
            throw new NotSupportedException("An orchestrator's thread is not entered from outside.");
        d(state);
    }

    /// <inheritdoc />
    public override SynchronizationContext CreateCopy() => this;
}
