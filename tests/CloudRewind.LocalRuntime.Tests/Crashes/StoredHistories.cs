using Azure;
using Azure.Data.Tables;
using CloudRewind.LocalRuntime.Durable;
using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Workload;

namespace CloudRewind.LocalRuntime.Tests.Crashes;

/// <summary>
/// What the store holds, looked at while no app runs. What has been seen recorded once must be the same in every later
/// look, until the store itself is known to have lost it.
/// </summary>
/// <param name="connectionString">The store.</param>
/// <param name="storeForgets">
/// Whether the store comes back with an older state under an app that lives on: then a caller may have the result of a
/// sub-orchestration that the store has forgotten, and that has to run again.
/// </param>
internal sealed class StoredHistories(string connectionString, bool storeForgets)
{
    private readonly HubTables _tables = new(connectionString, "Workload");
    private readonly Dictionary<string, List<string>> _turnsOfRuns = [];
    private readonly Dictionary<string, Dictionary<string, Recorded>> _recorded = [];

    public List<string> Violations { get; } = [];

    /// <summary>How many turns the looks have found, each of them once.</summary>
    public int TurnsSeen { get; private set; }

    /// <summary>How many results of activities are known to be recorded.</summary>
    public int ResultsSeen => _recorded.Count;

    /// <summary>The value that is known to be recorded under a key in the history of an instance, which called an activity or another instance for it.</summary>
    public string? RecordedBy(string instance, string key) => _recorded.GetValueOrDefault(key)?.GetValueOrDefault(instance)?.Value;

    /// <summary>After which life of the app the result of the activity that computes a key was seen recorded first; null where it was not seen.</summary>
    public int? LifeOf(string key) =>
        _recorded.GetValueOrDefault(key)?.Values.Where(recorded => recorded.IsActivity).Max(recorded => (int?)recorded.Life);

    /// <summary>The store may have come back with an older state: what was seen is no promise any more.</summary>
    public void Forget()
    {
        _turnsOfRuns.Clear();
        _recorded.Clear();
    }

    /// <param name="life">The life of the app that has just ended.</param>
    public async Task LookAsync(int life)
    {
        var partitions = new Dictionary<string, Dictionary<string, TableEntity>>();
        foreach (var row in await ReadAsync(_tables.Instances))
        {
            if (!partitions.TryGetValue(row.PartitionKey, out var rows))
                partitions[row.PartitionKey] = rows = [];
            rows[row.RowKey] = row;
        }

        foreach (var rows in partitions.Values.Where(rows => rows.ContainsKey(InstanceRow.Key)))
            Look(InstanceRow.From(rows[InstanceRow.Key]), rows, life);
    }

    /// <summary>The keys of rows that a finished app leaves in the table of who has something to do.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync() =>
        [.. (await ReadAsync(_tables.Control)).Select(row => $"{row.PartitionKey} {row.RowKey}")];

    private static async Task<List<TableEntity>> ReadAsync(TableClient table)
    {
        var rows = new List<TableEntity>();
        try
        {
            await foreach (var row in table.QueryAsync<TableEntity>())
                rows.Add(row);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            // No life of the app was long enough to make it.
        }

        return rows;
    }

    private void Look(InstanceRow row, Dictionary<string, TableEntity> rows, int life)
    {
        var texts = Enumerable.Range(0, row.Turns).Select(turn => TextRows.Read(row.TurnKey(turn), rows)).ToList();
        if (texts.Contains(null))
            Violations.Add($"{row.InstanceId} counts {row.Turns} turns, and lacks one of them");
        var before = _turnsOfRuns.GetValueOrDefault(row.RunId) ?? [];
        if (!before.SequenceEqual(texts.OfType<string>().Take(before.Count)))
            Violations.Add($"{row.InstanceId} has another history than it had before");
        _turnsOfRuns[row.RunId] = [.. texts.OfType<string>()];
        TurnsSeen += Math.Max(0, texts.Count - before.Count);

        var turns = texts.OfType<string>().Select(DurableJson.Restore<Turn>).ToList();
        var received = turns.SelectMany(turn => turn.Received).ToList();
        foreach (var twice in received.Where(e => e.Kind != EventKind.EventRaised).GroupBy(e => e.Id).Where(g => g.Count() > 1))
            Violations.Add($"{row.InstanceId} has {twice.Count()} results for its task #{twice.Key}");
        foreach (var twice in received.Where(e => e.MessageKey is not null).GroupBy(e => e.MessageKey).Where(g => g.Count() > 1))
            Violations.Add($"{row.InstanceId} has received the message {twice.Key} {twice.Count()} times");
        var activities = turns.SelectMany(turn => turn.Actions).Where(a => a.Kind == EventKind.ActivityCalled).Select(a => a.Id).ToHashSet();
        foreach (var completed in received.Where(e => e is { Kind: EventKind.TaskCompleted, Payload: not null }))
            Record(row.InstanceId, DurableJson.Read<Computed>(completed.Payload)!, life, activities.Contains(completed.Id));
    }

    private void Record(string instance, Computed computed, int life, bool isActivity)
    {
        if (!_recorded.TryGetValue(computed.Key, out var byInstance))
            _recorded[computed.Key] = byInstance = [];
        byInstance.TryAdd(instance, new Recorded(computed.Value, life, isActivity));
        foreach (var (other, recorded) in byInstance.Where(r => (r.Key == instance || !storeForgets) && r.Value.Value != computed.Value))
            Violations.Add($"{computed.Key} was recorded by {other} as {recorded.Value}, and is recorded by {instance} as {computed.Value}");
    }

    /// <param name="Value">The result.</param>
    /// <param name="Life">The life of the app after which it was seen first.</param>
    /// <param name="IsActivity">Whether an activity gave it, and not another instance.</param>
    private sealed record Recorded(string Value, int Life, bool IsActivity);
}
