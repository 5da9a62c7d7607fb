using Azure;
using Azure.Data.Tables;
using CloudRewind.LocalRuntime.Durable.History;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>What is stored of an instance's current run.</summary>
internal sealed record StoredInstance(InstanceRow Row, RunStart Start, IReadOnlyList<Turn> Turns, IReadOnlyList<string> RunKeys);

/// <summary>What a commit changes beside the instance's row.</summary>
internal sealed record CommitRows
{
    /// <summary>Texts to write, by row key.</summary>
    public IReadOnlyList<(string Key, string Text)> Texts { get; init; } = [];

    /// <summary>Rows of an older run, of no meaning any more.</summary>
    public IReadOnlyList<string> Leftovers { get; init; } = [];
}

/// <summary>
/// Reads and writes instances. What is read often is read by key, never by query. The caller decides how long a call is
/// repeated while the store is away.
/// </summary>
internal sealed class InstanceStore(HubTables tables)
{
    private const int ReadsAtOnce = 8;

    public async Task<InstanceRow?> GetAsync(string instanceId, CancellationToken cancellationToken)
    {
        var found = await tables.Instances.GetEntityIfExistsAsync<TableEntity>(
            KeyText.Encode(instanceId), InstanceRow.Key, cancellationToken: cancellationToken);
        return found.HasValue ? InstanceRow.From(found.Value!) : null;
    }

    /// <summary>The text of one row and its parts, or null.</summary>
    public async Task<string?> GetTextAsync(string partition, string key, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, TableEntity>();
        for (var (part, count) = (0, 1); part < count; part++)
        {
            var found = await tables.Instances.GetEntityIfExistsAsync<TableEntity>(
                partition, TextRows.PartKey(key, part), cancellationToken: cancellationToken);
            if (!found.HasValue)
                return null;
            rows[found.Value!.RowKey] = found.Value;
            count = part == 0 ? TextRows.CountOf(found.Value) : count;
        }

        return TextRows.Read(key, rows);
    }

    public async Task<StoredInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (await GetAsync(instanceId, cancellationToken) is not { } row)
            return null;
        string[] keys = [row.StartKey, .. Enumerable.Range(0, row.Turns).Select(row.TurnKey)];
        var texts = new string[keys.Length];
        await Parallel.ForAsync(
            0,
            keys.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => texts[i] = await GetTextAsync(row.Partition, keys[i], token)
                ?? throw new InvalidOperationException($"The history of the instance '{instanceId}' lacks its row '{keys[i]}'."));
        return new StoredInstance(
            row,
            DurableJson.Restore<RunStart>(texts[0]),
            [.. texts.Skip(1).Select(DurableJson.Restore<Turn>)],
            [.. keys.Zip(texts).SelectMany(t => TextRows.KeysOf(t.First, t.Second))]);
    }

    /// <summary>Makes the instance, in the place of one that has ended where there is one.</summary>
    /// <returns>The new row, or null when the instance is there, or has changed since it was read.</returns>
    public async Task<InstanceRow?> CreateAsync(InstanceRow row, RunStart start, InstanceRow? replaced, CancellationToken cancellationToken)
    {
        var batch = new CommitBatch(tables.Instances, row.Partition);
        await batch.AddTextAsync(row.StartKey, DurableJson.Store(start), cancellationToken);
        var created = await FinishAsync(batch, row, replaced?.ETag, cancellationToken);
        if (created is not null && replaced is not null)
            await DeleteOtherRunsAsync(created, cancellationToken);
        return created;
    }

    /// <summary>Writes the row over the one it was made from, together with what belongs to it.</summary>
    /// <returns>The row as stored, or null when the stored one is no longer the one it was made from.</returns>
    public async Task<InstanceRow?> CommitAsync(InstanceRow row, CommitRows rows, CancellationToken cancellationToken)
    {
        var batch = new CommitBatch(tables.Instances, row.Partition);
        foreach (var (key, text) in rows.Texts)
            await batch.AddTextAsync(key, text, cancellationToken);
        var committed = await FinishAsync(batch, row, row.ETag, cancellationToken);
        if (committed is not null)
            await CommitBatch.DeleteAsync(tables.Instances, row.Partition, rows.Leftovers, cancellationToken);
        return committed;
    }

    /// <summary>Removes all that is stored of an instance, its row first.</summary>
    public async Task PurgeAsync(InstanceRow row, CancellationToken cancellationToken)
    {
        var keys = await ReadKeysAsync(row, cancellationToken);
        await tables.Instances.DeleteEntityAsync(row.Partition, InstanceRow.Key, row.ETag, cancellationToken);
        await CommitBatch.DeleteAsync(tables.Instances, row.Partition, keys, cancellationToken);
    }

    public AsyncPageable<TableEntity> AllRows() => tables.Instances.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"RowKey eq {InstanceRow.Key}"));

    private async Task<InstanceRow?> FinishAsync(CommitBatch batch, InstanceRow row, ETag? replaces, CancellationToken cancellationToken)
    {
        try
        {
            return row with { ETag = await batch.SendAsync(row, replaces, cancellationToken) };
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412 && e.ErrorCode != "TableNotFound")
        {
            // The answer to an earlier attempt may have been lost: then what is stored is this very commit.
            var stored = await GetAsync(row.InstanceId, cancellationToken);
            return stored?.CommitId == row.CommitId ? stored : null;
        }
    }

    private async Task DeleteOtherRunsAsync(InstanceRow row, CancellationToken cancellationToken)
    {
        var others = (await ReadKeysAsync(row, cancellationToken)).Where(k => !k.StartsWith(row.RunId, StringComparison.Ordinal));
        await CommitBatch.DeleteAsync(tables.Instances, row.Partition, others, cancellationToken);
    }

    /// <summary>The keys of all rows of the instance but its own.</summary>
    private async Task<List<string>> ReadKeysAsync(InstanceRow row, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {row.Partition}");
        var keys = new List<string>();
        await foreach (var entity in tables.Instances.QueryAsync<TableEntity>(filter, select: [nameof(TableEntity.RowKey)], cancellationToken: cancellationToken))
            keys.Add(entity.RowKey);
        keys.Remove(InstanceRow.Key);
        return keys;
    }
}
