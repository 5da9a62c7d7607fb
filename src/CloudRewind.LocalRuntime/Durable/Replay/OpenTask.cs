using CloudRewind.LocalRuntime.Durable.History;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Durable.Replay;

/// <summary>Something that the orchestrator asked for and that has not come yet.</summary>
internal abstract class OpenTask(HistoryEvent action)
{
    public HistoryEvent Action { get; } = action;

    public abstract bool IsOpen { get; }

    public abstract void Complete(HistoryEvent received);
}

/// <inheritdoc />
internal sealed class OpenTask<T>(HistoryEvent action) : OpenTask(action)
{
    // Continuations run in place: that is the orchestrator's own thread.
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override bool IsOpen => !_source.Task.IsCompleted;

    public void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);

    public override void Complete(HistoryEvent received)
    {
        try
        {
            if (received.Kind == EventKind.TaskFailed)
                _source.TrySetException(new TaskFailedException(Action.Name!, Action.Id, received.Failure!));
            else
                _source.TrySetResult(DurableJson.Read<T>(received.Payload)!);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or NotSupportedException)
        {
            _source.TrySetException(e);
        }
    }
}
