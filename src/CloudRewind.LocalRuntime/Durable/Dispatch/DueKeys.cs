using CloudRewind.LocalRuntime.Durable.Storage;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>
/// The due rows of one instance. While it has work that a restart would have to find, one of them is due; when it waits,
/// the one of its next timer is left, or none.
/// </summary>
internal sealed class DueKeys(string instanceId, EngineParts parts)
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, DateTime> _known = [];

    // Stored, perhaps, or lost: not to be relied on, and to be removed all the same.
    private readonly HashSet<string> _doubtful = [];

    /// <summary>Notes a row that is stored already.</summary>
    public async Task NoteAsync(DueRow row)
    {
        await _one.WaitAsync(parts.Dead);
        _known[row.Key] = row.At;
        _one.Release();
    }

    /// <summary>Notes that the store may have lost rows.</summary>
    public async Task DoubtAsync()
    {
        await _one.WaitAsync(parts.Dead);
        _doubtful.UnionWith(_known.Keys);
        _known.Clear();
        _one.Release();
    }

    /// <summary>Sees to it that a restart would find the instance now, and at the time of its next timer.</summary>
    public async Task CoverAsync(DateTime? nextTimer, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_known.Values.Any(at => at <= parts.Now))
                await AddAsync(DueTable.RowNow(instanceId), cancellationToken);
            if (nextTimer is { } at && !_known.ContainsKey(DueTable.RowAt(instanceId, at).Key))
                await AddAsync(DueTable.RowAt(instanceId, at), cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Removes all rows but the next timer's, if nothing speaks against it once it is this method's turn.</summary>
    public async Task SettleAsync(DateTime? nextTimer, Func<bool> isIdle, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!isIdle())
                return;
            var keep = nextTimer is { } at ? DueTable.RowAt(instanceId, at).Key : null;
            foreach (var key in _known.Keys.Union(_doubtful).Where(k => k != keep).ToList())
            {
                await parts.DueTable.RemoveAsync(key, cancellationToken);
                _known.Remove(key);
                _doubtful.Remove(key);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task AddAsync(DueRow row, CancellationToken cancellationToken)
    {
        await parts.DueTable.AddAsync(row, cancellationToken);
        _known[row.Key] = row.At;
    }
}
