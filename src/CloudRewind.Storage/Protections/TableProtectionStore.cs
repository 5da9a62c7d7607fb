using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>
/// Keeps protections in the table <c>Protections</c>. It loads, asks the domain, and writes what the domain says: in one entity-group
/// transaction in the partition of the assembly, under the versions that it read.
/// </summary>
public sealed class TableProtectionStore(StorageTables tables, IUnfinishedProtections unfinished) : IProtectionStore
{
    private readonly TableClient table = tables.Protections;

    /// <inheritdoc/>
    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageErrors.GuardAsync(
            $"read protection {id}", async () => await FindRowAsync(id, cancellationToken) is { } row ? ProtectionRow.Read(row) : null, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var createdBy = Guid.NewGuid().ToString("N");
        return Races.RetryAsync($"create a protection of {request.Assembly}", () => TryCreateAsync(request, createdBy, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CreateResult?> FindEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(key);
        return StorageErrors.GuardAsync(
            $"look for an earlier request to protect {assembly}", () => ReadEarlierAsync(assembly, key, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RecordResult> RecordAsync(ProtectionTransition transition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transition);
        return Races.RetryAsync(
            $"record transition {transition.Sequence} of protection {transition.Id}", () => TryRecordAsync(transition, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> RequestPruneAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.RequestPrune(at), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.MarkAssemblyIsBeingDeleted(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReportProgressAsync(ProtectionId id, int sequence, CaptureProgress progress, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.Report(sequence, progress), cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Races.RetryAsync($"close {assembly} for new protections", async () =>
        {
            var (run, version) = await ReadRunAsync(assembly, cancellationToken);
            if (run.Close() is var closed && closed != run)
                await table.SubmitTransactionAsync([ActiveRunRow.Write(assembly, closed, version)], cancellationToken);
            return closed;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.FromMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Take, 1);
        if (query.ToMilliseconds < query.FromMilliseconds)
            return Task.FromResult(new ProtectionPage([], 0));

        var (from, to) = Keys.Protections.Created(query.FromMilliseconds, query.ToMilliseconds);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Protections.Partition(query.Assembly)} and RowKey ge {from} and RowKey lt {to}");
        return StorageErrors.GuardAsync($"list the protections of {query.Assembly}", async () =>
        {
            var (rows, total) = await table.PageAsync(filter, query.Skip, query.Take, cancellationToken);
            return new ProtectionPage([.. rows.Select(ProtectionRow.Read)], total);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageErrors.GuardAsync<IReadOnlyList<ProtectionTransition>>($"read the timeline of protection {id}", async () =>
        {
            var timeline = new List<ProtectionTransition>();
            await foreach (var row in table.FindByPrefix(Keys.Protections.Partition(id.Assembly), Keys.Protections.TransitionPrefix(id), cancellationToken))
                timeline.Add(TransitionRow.Read(row));
            return timeline;
        }, cancellationToken);
    }

    private async Task<CreateResult> TryCreateAsync(NewProtection request, string createdBy, CancellationToken cancellationToken)
    {
        // The key is looked for after the run was read: the protection that runs may be this very request's, sent twice at once.
        var (run, version) = await ReadRunAsync(request.Assembly, cancellationToken);
        if (request.Idempotency is { } key && await ReadEarlierAsync(request.Assembly, key, cancellationToken) is { } earlier)
            return earlier;
        if (run.Refusal is { } refusal)
            return refusal;

        var (created, first) = Protection.Create(request, run.LatestMilliseconds);

        // Before the protection exists: should this process die now, the watchdog finds it and gets it going.
        await unfinished.AddAsync(created.Id, request.RequestedAt, cancellationToken);
        var row = ProtectionRow.Create(created);
        row[ProtectionRow.CreatedBy] = createdBy;
        List<TableTransactionAction> writes =
        [
            new(TableTransactionActionType.Add, row),
            new(TableTransactionActionType.Add, TransitionRow.Create(first)),
            ActiveRunRow.Write(request.Assembly, run.Start(created.Id), version),
        ];
        if (request.Idempotency is { } used)
            writes.Add(new(TableTransactionActionType.Add, IdempotencyRow.Create(created.Id, used)));
        try
        {
            await table.SubmitTransactionAsync(writes, cancellationToken);
            return new CreateResult.Accepted(created, Replayed: false);
        }
        catch (RequestFailedException error) when (error.IsLostRace())
        {
            // The client repeats a request whose answer was lost: the winner may have been this very call.
            if (await FindRowAsync(created.Id, cancellationToken) is { } winner && winner.GetString(ProtectionRow.CreatedBy) == createdBy)
                return new CreateResult.Accepted(ProtectionRow.Read(winner), Replayed: false);
            throw;
        }
    }

    private async Task<CreateResult?> ReadEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(Keys.Protections.Partition(assembly), Keys.Protections.Idempotency(key.Key), cancellationToken) is not { } row)
            return null;
        var (id, fingerprint) = IdempotencyRow.Read(row);
        var protection = await FindRowAsync(id, cancellationToken) ?? throw new InvalidDataException($"The idempotency key names protection {id}, which does not exist.");
        return key.Replay(ProtectionRow.Read(protection), fingerprint);
    }

    private async Task<RecordResult> TryRecordAsync(ProtectionTransition transition, CancellationToken cancellationToken)
    {
        if (await FindRowAsync(transition.Id, cancellationToken) is not { } row)
            return RecordResult.NoSuchProtection;
        var protection = ProtectionRow.Read(row);
        var onRecord = transition.Sequence <= protection.Sequence ? await FindTransitionAsync(transition.Id, transition.Sequence, cancellationToken) : null;
        var result = protection.TryRecord(transition, onRecord, out var step);
        if (step is null)
            return result;

        List<TableTransactionAction> writes =
        [
            new(TableTransactionActionType.UpdateMerge, ProtectionRow.Create(step.Protection), row.ETag),
            new(TableTransactionActionType.Add, TransitionRow.Create(step.Transition)),
        ];
        if (step.EndsRun)
        {
            var (run, version) = await ReadRunAsync(transition.Id.Assembly, cancellationToken);
            writes.Add(ActiveRunRow.Write(transition.Id.Assembly, run.End(transition.Id), version));
        }

        await table.SubmitTransactionAsync(writes, cancellationToken);
        return result;
    }

    private Task<bool> ChangeAsync(ProtectionId id, Func<Protection, Protection> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Races.RetryAsync($"change protection {id}", async () =>
        {
            if (await FindRowAsync(id, cancellationToken) is not { } row)
                return false;
            var protection = ProtectionRow.Read(row);
            if (change(protection) is var changed && changed != protection)
                await table.UpdateEntityAsync(ProtectionRow.Create(changed), row.ETag, TableUpdateMode.Merge, cancellationToken);
            return true;
        }, cancellationToken);
    }

    private async Task<(ActiveRun Run, ETag? Version)> ReadRunAsync(AssemblyKey assembly, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(assembly), Keys.Protections.ActiveRun, cancellationToken) is { } row
            ? (ActiveRunRow.Read(row), row.ETag)
            : (ActiveRun.None, null);

    private async Task<ProtectionTransition?> FindTransitionAsync(ProtectionId id, int sequence, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Transition(id, sequence), cancellationToken) is { } row
            ? TransitionRow.Read(row)
            : null;

    private Task<TableEntity?> FindRowAsync(ProtectionId id, CancellationToken cancellationToken) =>
        table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Protection(id), cancellationToken);
}
