using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Simulation;

/// <summary>
/// Protects what a <c>manual</c> filter lists, without a cloud: each resource id says how it behaves (<see cref="SimulatedBehaviour"/>).
/// It works as AWS does: every request to make a snapshot makes one, and it is for the caller to look for an earlier one by its tags.
/// What it holds is in the table <c>SimulatedSnapshots</c>: partition key, the protection; row key, the resource and then the snapshot.
/// </summary>
public sealed class SimulatedCaptureProvider(StorageTables tables, SimulationOptions options, TimeProvider time) : ICaptureProvider
{
    private const string ManualOnly = "The simulated provider knows manual lists only.";
    private const string ResourceIdColumn = "ResourceId";
    private const string SnapshotIdColumn = "SnapshotId";
    private const string StartedAtColumn = "StartedAt";
    private const string CountColumn = "Count";
    private const string CaptureTries = "capture-tries";
    private const string RemovalTries = "removal-tries";

    private readonly TableClient table = tables.SimulatedSnapshots;

    /// <inheritdoc/>
    public async Task<string?> CheckAsync(CloudAssembly assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        await Task.Delay(options.StepTime, time, cancellationToken);
        return assembly.Definition.Filter is ResourceFilter.Manual ? null : ManualOnly;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(CloudAssembly assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        await Task.Delay(options.StepTime, time, cancellationToken);
        return assembly.Definition.Filter is ResourceFilter.Manual manual
            ? [.. manual.Resources.Distinct(StringComparer.Ordinal).Select(id => new DiscoveredResource(id, "simulated"))]
            : throw new NotSupportedException(ManualOnly);
    }

    /// <inheritdoc/>
    public Task<CaptureProgress> StartAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return StorageErrors.GuardAsync($"start a simulated snapshot of {target.ResourceId}", () => StartOrAdoptAsync(target, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CaptureProgress> PollAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return StorageErrors.GuardAsync<CaptureProgress>($"read a simulated snapshot of {target.ResourceId}", async () =>
            await table.FindAsync(Partition(target.Protection), SnapshotKey(target.ResourceId, snapshotId), cancellationToken) is { } snapshot
                ? Progress(target, snapshot)
                : new CaptureProgress.Failed($"Snapshot {snapshotId} is gone."), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> RemoveAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return StorageErrors.GuardAsync($"remove the simulated snapshots of {target.ResourceId}", async () =>
        {
            var behaviour = SimulatedBehaviour.Of(target.ResourceId);
            if (behaviour.FailingRemovals > 0 && await CountAsync(target, RemovalTries, cancellationToken) <= behaviour.FailingRemovals)
                return "the simulated snapshot is in use.";

            await foreach (var row in Rows(target, cancellationToken))
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
            return null;
        }, cancellationToken);
    }

    private async Task<CaptureProgress> StartOrAdoptAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        var behaviour = SimulatedBehaviour.Of(target.ResourceId);
        if (behaviour.RefusesCapture)
            return new CaptureProgress.Failed("The simulated resource cannot be captured.");
        if (behaviour.FailingCaptures > 0 && await CountAsync(target, CaptureTries, cancellationToken) <= behaviour.FailingCaptures)
            throw new TimeoutException("The simulated capture was throttled."); // of the resource, and not of storage

        await foreach (var earlier in Rows(target, cancellationToken))
        {
            if (earlier.ContainsKey(SnapshotIdColumn))
                return Progress(target, earlier);
        }

        var id = $"snap-{Guid.NewGuid():N}";
        var snapshot = new TableEntity(Partition(target.Protection), SnapshotKey(target.ResourceId, id))
        {
            ["ProtectionId"] = target.Protection.ToString(),
            [ResourceIdColumn] = target.ResourceId,
            [SnapshotIdColumn] = id,
            [StartedAtColumn] = time.GetUtcNow(),
        };
        await table.AddEntityAsync(snapshot, cancellationToken);
        return Progress(target, snapshot);
    }

    private CaptureProgress Progress(CaptureTarget target, TableEntity snapshot)
    {
        var id = snapshot.Text(SnapshotIdColumn);
        var done = SimulatedBehaviour.Of(target.ResourceId).Steps is { } steps
            && time.GetUtcNow() >= snapshot.Time(StartedAtColumn) + options.StepTime * steps;
        return done ? new CaptureProgress.Captured(id) : new CaptureProgress.Capturing(id);
    }

    // Counts in the table, so that "fails twice" means twice, whatever crashes in between.
    private async Task<int> CountAsync(CaptureTarget target, string what, CancellationToken cancellationToken)
    {
        var key = $"{Prefix(target.ResourceId)}{what}";
        var row = await table.FindAsync(Partition(target.Protection), key, cancellationToken)
            ?? new TableEntity(Partition(target.Protection), key) { [ResourceIdColumn] = target.ResourceId };
        var count = (row.GetInt32(CountColumn) ?? 0) + 1;
        row[CountColumn] = count;
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return count;
    }

    private AsyncPageable<TableEntity> Rows(CaptureTarget target, CancellationToken cancellationToken) =>
        table.FindByPrefix(Partition(target.Protection), Prefix(target.ResourceId), cancellationToken);

    private static string Partition(ProtectionId id) => KeyText.Encode(id.ToString());

    private static string Prefix(string resourceId) => $"{Digest.Sha256Hex(resourceId)}:";

    private static string SnapshotKey(string resourceId, string snapshotId) => $"{Prefix(resourceId)}{snapshotId}";
}
