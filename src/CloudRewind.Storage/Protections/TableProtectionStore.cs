using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>Keeps protections in the table <c>Protections</c>; every write is one entity-group transaction in the partition of the assembly.</summary>
public sealed class TableProtectionStore(StorageTables tables, IUnfinishedProtections unfinished) : IProtectionStore
{
    // Each lost race means that another writer got on; more than a few in a row means that something else is wrong.
    private const int MostAttempts = 10;

    private readonly TableClient table = tables.Protections;

    /// <inheritdoc/>
    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageFaults.GuardAsync($"read protection {id}", async () => (await ReadAsync(id, cancellation))?.Protection, cancellation);
    }

    /// <inheritdoc/>
    public Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StorageFaults.GuardAsync($"create a protection of {request.Assembly}", () => CreateUntilDecidedAsync(request, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<CreateResult?> FindEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(key);
        return StorageFaults.GuardAsync(
            $"look for an earlier request to protect {assembly}", () => ReadEarlierAsync(ProtectionKeys.Partition(assembly), key, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<RecordResult> RecordAsync(ProtectionTransition transition, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transition);
        return StorageFaults.GuardAsync(
            $"record transition {transition.Sequence} of protection {transition.Id}",
            () => RecordUntilDecidedAsync(transition, cancellation),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.FromMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Take, 1);
        if (query.ToMilliseconds < query.FromMilliseconds)
            return Task.FromResult(new ProtectionPage([], 0));

        var (from, to) = ProtectionKeys.Created(query.FromMilliseconds, query.ToMilliseconds);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {ProtectionKeys.Partition(query.Assembly)} and RowKey ge {from} and RowKey lt {to}");
        return StorageFaults.GuardAsync($"list the protections of {query.Assembly}", async () =>
        {
            var (rows, total) = await table.PageAsync(filter, query.Skip, query.Take, cancellation);
            return new ProtectionPage([.. rows.Select(ProtectionRow.Read)], total);
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageFaults.GuardAsync<IReadOnlyList<ProtectionTransition>>($"read the timeline of protection {id}", async () =>
        {
            var timeline = new List<ProtectionTransition>();
            await foreach (var row in table.FindByPrefix(ProtectionKeys.Partition(id.Assembly), ProtectionKeys.TransitionPrefix(id), cancellation))
                timeline.Add(TransitionRow.Read(row));
            return timeline;
        }, cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> RequestPruneAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellation)
    {
        var protection = await FindAsync(id, cancellation);
        return protection is not null
            && (protection.PruneRequestedAt is not null || await MarkAsync(id, nameof(Protection.PruneRequestedAt), at, cancellation));
    }

    /// <inheritdoc/>
    public Task CloseAsync(AssemblyKey assembly, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageFaults.GuardAsync($"close {assembly} for new protections", async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                var slot = await ReadSlotAsync(assembly, cancellation);
                if (slot.IsClosed)
                    return;
                try
                {
                    await table.SubmitTransactionAsync([slot.Closed(assembly)], cancellation);
                    return;
                }
                catch (RequestFailedException error) when (error.IsLostRace() && attempt < MostAttempts)
                {
                    // A protection was created or had its outcome in between.
                }
            }
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellation) =>
        MarkAsync(id, ProtectionRow.AssemblyIsBeingDeleted, true, cancellation);

    // A mark stands beside the status: no transition touches it, and it touches no transition.
    private Task<bool> MarkAsync(ProtectionId id, string column, object value, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        var mark = new TableEntity(ProtectionKeys.Partition(id.Assembly), id.RowKey) { [column] = value };
        return StorageFaults.GuardAsync($"mark protection {id}", async () =>
        {
            try
            {
                await table.UpdateEntityAsync(mark, ETag.All, TableUpdateMode.Merge, cancellation);
                return true;
            }
            catch (RequestFailedException error) when (error.ErrorCode == "ResourceNotFound")
            {
                return false;
            }
        }, cancellation);
    }

    private async Task<CreateResult> CreateUntilDecidedAsync(NewProtection request, CancellationToken cancellation)
    {
        var partition = ProtectionKeys.Partition(request.Assembly);
        var createdBy = Guid.NewGuid().ToString("N");

        for (var attempt = 1; ; attempt++)
        {
            if (request.Idempotency is not null && await ReadEarlierAsync(partition, request.Idempotency, cancellation) is { } earlier)
                return earlier;

            var slot = await ReadSlotAsync(request.Assembly, cancellation);
            if (slot.IsClosed || slot.Running is not null)
            {
                // Perhaps taken since by this very request, sent twice at once: the key is looked for after the slot was read.
                return (request.Idempotency is null ? null : await ReadEarlierAsync(partition, request.Idempotency, cancellation))
                    ?? (slot.IsClosed ? new CreateResult.AssemblyClosed() : new CreateResult.AssemblyBusy(slot.Running!));
            }

            var milliseconds = Math.Max(request.RequestedAt.ToUnixTimeMilliseconds(), slot.LatestMilliseconds + 1);
            var created = Created(request, new ProtectionId(request.Assembly, request.PolicyId, milliseconds));

            // Before the protection exists: should this process die now, the watchdog finds it and gets it going.
            await unfinished.AddAsync(created.Id, request.RequestedAt, cancellation);
            try
            {
                await table.SubmitTransactionAsync(Creation(created, slot, request.Idempotency, createdBy), cancellation);
                return new CreateResult.Accepted(created, Replayed: false);
            }
            catch (RequestFailedException error) when (error.IsLostRace() && attempt < MostAttempts)
            {
                // The client repeats a request whose answer was lost: the winner may have been this very call.
                if (await ReadAsync(created.Id, cancellation) is { } winner && winner.CreatedBy == createdBy)
                    return new CreateResult.Accepted(winner.Protection, Replayed: false);
            }
        }
    }

    private async Task<RunSlot> ReadSlotAsync(AssemblyKey assembly, CancellationToken cancellation) =>
        await table.FindAsync(ProtectionKeys.Partition(assembly), ProtectionKeys.RunSlot, cancellation) is { } row ? RunSlot.Read(row) : RunSlot.Unused;

    private async Task<CreateResult?> ReadEarlierAsync(string partition, IdempotencyKey key, CancellationToken cancellation)
    {
        if (await table.FindAsync(partition, ProtectionKeys.Idempotency(key.Key), cancellation) is not { } row)
            return null;
        if (row.Text(nameof(IdempotencyKey.Fingerprint)) != key.Fingerprint)
            return new CreateResult.IdempotencyKeyReused();

        var id = ProtectionId.Parse(row.Text(nameof(Protection.Id)));
        var (protection, _, _) = await ReadAsync(id, cancellation)
            ?? throw new InvalidDataException($"The idempotency key names protection {id}, which does not exist.");
        return new CreateResult.Accepted(protection, Replayed: true);
    }

    private static Protection Created(NewProtection request, ProtectionId id) => new()
    {
        Id = id,
        Name = request.Name,
        Status = ProtectionStatus.Created,
        Sequence = 0,
        CreatedAt = request.RequestedAt,
        UpdatedAt = request.RequestedAt,
        ExpiresAt = request.RequestedAt + request.Retention,
        Counts = ResourceCounts.None,
    };

    private static List<TableTransactionAction> Creation(Protection created, RunSlot slot, IdempotencyKey? idempotency, string createdBy)
    {
        var first = new ProtectionTransition(
            created.Id, 0, null, ProtectionStatus.Created, created.CreatedAt, "The protection was accepted.", created.Counts);
        List<TableTransactionAction> writes =
        [
            new(TableTransactionActionType.Add, ProtectionRow.Create(created, createdBy)),
            new(TableTransactionActionType.Add, TransitionRow.Create(first)),
            slot.TakenBy(created.Id),
        ];
        if (idempotency is not null)
        {
            writes.Add(new(TableTransactionActionType.Add, new TableEntity(ProtectionKeys.Partition(created.Id.Assembly), ProtectionKeys.Idempotency(idempotency.Key))
            {
                [nameof(Protection.Id)] = created.Id.ToString(),
                [nameof(IdempotencyKey.Fingerprint)] = idempotency.Fingerprint,
            }));
        }

        return writes;
    }

    private async Task<RecordResult> RecordUntilDecidedAsync(ProtectionTransition transition, CancellationToken cancellation)
    {
        if (!Lifecycle.Allows(transition.From, transition.To) || (transition.From is null) != (transition.Sequence == 0))
            return RecordResult.Illegal;

        for (var attempt = 1; ; attempt++)
        {
            if (await ReadAsync(transition.Id, cancellation) is not { } current)
                return RecordResult.NoSuchProtection;
            if (transition.Sequence <= current.Protection.Sequence)
                return await IsOnRecordAsync(transition, cancellation) ? RecordResult.AlreadyRecorded : RecordResult.Conflict;
            if (transition.Sequence != current.Protection.Sequence + 1 || transition.From != current.Protection.Status)
                return RecordResult.Conflict;

            try
            {
                await table.SubmitTransactionAsync(await StepAsync(current.Protection, current.Version, transition, cancellation), cancellation);
                return RecordResult.Recorded;
            }
            catch (RequestFailedException error) when (error.IsLostRace() && attempt < MostAttempts)
            {
                // Somebody wrote in between, perhaps a repetition of this very call: look again.
            }
        }
    }

    private async Task<List<TableTransactionAction>> StepAsync(
        Protection protection, ETag version, ProtectionTransition transition, CancellationToken cancellation)
    {
        List<TableTransactionAction> writes =
        [
            new(TableTransactionActionType.UpdateMerge, ProtectionRow.Changes(protection.After(transition)), version),
            new(TableTransactionActionType.Add, TransitionRow.Create(transition)),
        ];
        if (transition.To.IsOutcome())
        {
            var partition = ProtectionKeys.Partition(transition.Id.Assembly);
            var slot = await table.FindAsync(partition, ProtectionKeys.RunSlot, cancellation)
                ?? throw new InvalidDataException($"Partition '{partition}' holds protection {transition.Id}, which runs, and no '{ProtectionKeys.RunSlot}' row.");
            writes.Add(RunSlot.Read(slot).Freed(transition.Id.Assembly));
        }

        return writes;
    }

    private async Task<bool> IsOnRecordAsync(ProtectionTransition transition, CancellationToken cancellation)
    {
        var row = await table.FindAsync(
            ProtectionKeys.Partition(transition.Id.Assembly), ProtectionKeys.Transition(transition.Id, transition.Sequence), cancellation);
        return row is not null && transition.Repeats(TransitionRow.Read(row));
    }

    private async Task<(Protection Protection, ETag Version, string? CreatedBy)?> ReadAsync(ProtectionId id, CancellationToken cancellation) =>
        await table.FindAsync(ProtectionKeys.Partition(id.Assembly), id.RowKey, cancellation) is { } row
            ? (ProtectionRow.Read(row), row.ETag, row.GetString(ProtectionRow.CreatedBy))
            : null;
}
