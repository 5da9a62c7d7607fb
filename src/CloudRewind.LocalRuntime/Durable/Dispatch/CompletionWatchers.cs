namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>Those who wait for the end of an instance.</summary>
internal sealed class CompletionWatchers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Watch>> _watches = [];

    /// <summary>Watches for the instance's next end, until it is disposed of.</summary>
    public Watch Begin(string instanceId)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(instanceId, out var list))
                _watches[instanceId] = list = [];
            var watch = new Watch(this, instanceId);
            list.Add(watch);
            return watch;
        }
    }

    public void Ended(string instanceId)
    {
        lock (_gate)
        {
            if (_watches.Remove(instanceId, out var list))
                list.ForEach(w => w.End());
        }
    }

    private void Remove(Watch watch)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(watch.InstanceId, out var list) && list.Remove(watch) && list.Count == 0)
                _watches.Remove(watch.InstanceId);
        }
    }

    /// <summary>One who waits.</summary>
    internal sealed class Watch(CompletionWatchers watchers, string instanceId) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string InstanceId => instanceId;

        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();

        public void Dispose() => watchers.Remove(this);
    }
}
