using CloudRewind.LocalRuntime.Durable.Replay;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Functions;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>What every session works with.</summary>
internal sealed class EngineParts(
    FunctionCatalog catalog,
    InstanceStore store,
    InboxTable inbox,
    DueTable dueTable,
    StorageAccess storage,
    Replayer replayer,
    TimeProvider time)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _dead = new();

    public FunctionCatalog Catalog => catalog;

    public InstanceStore Store => store;

    public InboxTable Inbox => inbox;

    public DueTable DueTable => dueTable;

    public StorageAccess Storage => storage;

    public Replayer Replayer => replayer;

    public DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Fires when the app stops: what runs may end, nothing new begins.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Fires when this process must not touch the store any more.</summary>
    public CancellationToken Dead => _dead.Token;

    public void Stop() => _stopping.Cancel();

    public void Die()
    {
        _stopping.Cancel();
        _dead.Cancel();
    }
}
