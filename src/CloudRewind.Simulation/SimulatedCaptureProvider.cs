using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Simulation;

/// <summary>
/// Captures the resources that a <c>manual</c> filter lists, or that other filters select from a made-up account. No cloud is
/// contacted. A resource's id determines its behaviour (<see cref="SimulatedBehaviour"/>) and, after an <c>@</c>, its group. As at
/// AWS, every request for a snapshot makes one. The provider owns the table <see cref="TableName"/> and creates it at its first use.
/// Its partitions are protections; its row keys are a resource and one of its snapshots or counts.
/// </summary>
public sealed class SimulatedCaptureProvider(StorageTables tables, SimulationOptions options, TimeProvider time) : ICaptureProvider
{
    /// <summary>The table of simulated snapshots.</summary>
    public const string TableName = "SimulatedSnapshots";

    private const string ProtectionIdColumn = "ProtectionId";
    private const string ResourceIdColumn = "ResourceId";
    private const string SnapshotIdColumn = "SnapshotId";
    private const string SetIdColumn = "SetId";
    private const string StartedAtColumn = "StartedAt";
    private const string LocationColumn = "Location";
    private const string CountColumn = "Count";
    private const string CaptureTries = "capture-tries";
    private const string RemovalTries = "removal-tries";

    private static readonly TimeSpan ShortestSettleWindow = TimeSpan.FromSeconds(2);

    private readonly TableClient table = tables.Open(TableName);
    private volatile bool isCreated;

    /// <inheritdoc/>
    public string Name => SimulationServices.Key;

    /// <inheritdoc/>
    public TimeSpan SettleWindow => options.StepTime * 2 > ShortestSettleWindow ? options.StepTime * 2 : ShortestSettleWindow;

    /// <inheritdoc/>
    public string? FaultOf(string resourceId) => SimulatedBehaviour.FaultOf(resourceId);

    /// <inheritdoc/>
    public Task CheckAsync(CaptureTarget target, CancellationToken cancellationToken) => Task.Delay(options.StepTime, time, cancellationToken);

    /// <inheritdoc/>
    public async Task<Discovery> DiscoverAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken)
    {
        await Task.Delay(options.StepTime, time, cancellationToken);
        return new Discovery([.. SimulatedInventory.Select(filter).Select(Discover)], []);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MissingPermission>> FindMissingPermissionsAsync(
        CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<MissingPermission>>([]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Snapshot>> StartAsync(CaptureTarget target, IReadOnlyList<ProtectedResource> group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(group);
        return UseTableAsync<IReadOnlyList<Snapshot>>($"start simulated snapshots of {group[0].GroupId}", async () =>
        {
            foreach (var resource in group)
                await AttemptAsync(target.Protection, resource.ResourceId, cancellationToken);

            var (set, now) = (Guid.NewGuid().ToString("N"), time.GetUtcNow());
            var rows = group.Select(resource => Create(target, resource.ResourceId, set, now)).ToList();
            foreach (var row in rows)
                await table.AddEntityAsync(row, cancellationToken);
            return [.. rows.Select(Read)];
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return UseTableAsync<IReadOnlyList<Snapshot>>(
            $"list the simulated snapshots of protection {target.Protection}",
            async () => [.. (await SnapshotsAsync(target, cancellationToken)).Select(Read)],
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Snapshot>> FindAsync(CaptureTarget target, IReadOnlyCollection<string> snapshotIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return UseTableAsync<IReadOnlyList<Snapshot>>(
            $"find simulated snapshots of protection {target.Protection}",
            async () => [.. (await SnapshotsAsync(target, cancellationToken)).Select(Read).Where(snapshot => snapshotIds.Contains(snapshot.Id))],
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return UseTableAsync($"remove a simulated snapshot of protection {target.Protection}", async () =>
        {
            if ((await SnapshotsAsync(target, cancellationToken, snapshotId)).FirstOrDefault() is not { } row)
                return false;
            var resource = row.GetString(ResourceIdColumn);
            var failures = SimulatedBehaviour.Of(resource).FailingRemovals;
            if (failures > 0 && await CountAsync(target.Protection, resource, RemovalTries, cancellationToken) <= failures)
                throw new CaptureRefusedException("the simulated snapshot is in use.");
            foreach (var key in (IEnumerable<string>)[row.RowKey, $"{Prefix(resource)}{CaptureTries}", $"{Prefix(resource)}{RemovalTries}"])
                await table.DeleteEntityAsync(row.PartitionKey, key, ETag.All, cancellationToken);
            return true;
        }, cancellationToken);
    }

    private Task<T> UseTableAsync<T>(string what, Func<Task<T>> use, CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync(what, async () =>
        {
            if (!isCreated)
                await table.CreateIfNotExistsAsync(cancellationToken);
            isCreated = true;
            return await use();
        }, cancellationToken);

    private static DiscoveredResource Discover(string id) => SimulatedBehaviour.FaultOf(id) is { } fault
        ? new DiscoveredResource(id, "unknown", id, Failure: $"It is {fault}")
        : new DiscoveredResource(id, "simulated", GroupOf(id), SimulatedInventory.SizeOf(id));

    private static string GroupOf(string resourceId) =>
        resourceId.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? resourceId[at..] : resourceId;

    private async Task AttemptAsync(ProtectionId id, string resourceId, CancellationToken cancellationToken)
    {
        if (SimulatedBehaviour.FaultOf(resourceId) is { } fault)
            throw new CaptureRefusedException($"{resourceId} is {fault}");
        var behaviour = SimulatedBehaviour.Of(resourceId);
        if (behaviour.RefusesCapture)
            throw new CaptureRefusedException("The simulated resource cannot be captured.");
        if (behaviour is { FailingCaptures: 0, ThrottledCaptures: 0 })
            return;
        var tries = await CountAsync(id, resourceId, CaptureTries, cancellationToken);
        if (tries <= behaviour.FailingCaptures)
            throw new TimeoutException("The simulated capture timed out."); // of the resource, and not of storage
        if (tries <= behaviour.ThrottledCaptures)
            throw new RetryLaterException("The simulated capture was throttled.", options.StepTime, concernsAll: false);
    }

    private static TableEntity Create(CaptureTarget target, string resourceId, string set, DateTimeOffset startedAt)
    {
        var snapshot = $"snap-{Guid.NewGuid():N}";
        return new TableEntity(Partition(target.Protection), $"{Prefix(resourceId)}{snapshot}")
        {
            [ProtectionIdColumn] = target.Protection.ToString(),
            [LocationColumn] = NameOf(target.Location),
            [ResourceIdColumn] = resourceId,
            [SnapshotIdColumn] = snapshot,
            [SetIdColumn] = set,
            [StartedAtColumn] = startedAt,
        };
    }

    private Snapshot Read(TableEntity row)
    {
        var (resource, startedAt) = (row.GetString(ResourceIdColumn), row.GetDateTimeOffset(StartedAtColumn)!.Value);
        var elapsed = time.GetUtcNow() - startedAt;
        var needed = SimulatedBehaviour.Of(resource).Steps * options.StepTime;
        return new Snapshot(
            row.GetString(SnapshotIdColumn),
            resource,
            row.GetString(SetIdColumn),
            elapsed >= needed ? SnapshotState.Completed : SnapshotState.Pending,
            needed is not { } all ? 0 : elapsed >= all ? 100 : (int)(100 * (elapsed / all)),
            startedAt);
    }

    // Counts in the table, so that "fails twice" means twice, whatever crashes in between.
    private async Task<int> CountAsync(ProtectionId id, string resourceId, string what, CancellationToken cancellationToken)
    {
        var key = $"{Prefix(resourceId)}{what}";
        var found = await table.GetEntityIfExistsAsync<TableEntity>(Partition(id), key, cancellationToken: cancellationToken);
        var row = found.HasValue
            ? found.Value!
            : new TableEntity(Partition(id), key) { [ProtectionIdColumn] = id.ToString(), [ResourceIdColumn] = resourceId };
        var count = (row.GetInt32(CountColumn) ?? 0) + 1;
        row[CountColumn] = count;
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return count;
    }

    // All of them, or the one of an id.
    private async Task<List<TableEntity>> SnapshotsAsync(CaptureTarget target, CancellationToken cancellationToken, string? snapshotId = null)
    {
        var (partition, location) = (Partition(target.Protection), NameOf(target.Location));
        var rows = new List<TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}") + (snapshotId is null ? "" : TableClient.CreateQueryFilter($" and SnapshotId eq {snapshotId}"));
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.ContainsKey(SnapshotIdColumn) && row.GetString(LocationColumn) == location)
                rows.Add(row);
        }

        return rows;
    }

    // As at AWS, each account has snapshots of its own in each region.
    private static string NameOf(SnapshotLocation location) => $"{location.Connection.Account}:{location.Region}";

    private static string Partition(ProtectionId id) => Digest.Sha256Hex(id.ToString());

    private static string Prefix(string resourceId) => $"{Digest.Sha256Hex(resourceId)}:";
}
