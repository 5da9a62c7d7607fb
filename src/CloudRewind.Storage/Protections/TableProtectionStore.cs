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
    public Task<ProtectionAct?> ActAsync(ProtectionId id, Func<Protection, ProtectionSummary, ProtectionAct> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(act);
        return Races.RetryAsync($"change protection {id}", () => TryActAsync(id, act, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ProtectionSummary> GetSummaryAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageErrors.GuardAsync(
            $"read what the protections of {assembly} come to", async () => (await table.ReadSummaryAsync(assembly, cancellationToken)).Summary, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HeldCopy>> ListHeldAsync(AssemblyKey assembly, long policyId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageErrors.GuardAsync<IReadOnlyList<HeldCopy>>(
            $"list what policy {policyId} of {assembly} holds",
            async () => await table.ReadHeldAsync(assembly, Keys.Protections.HeldOfPolicyPrefix(policyId), cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.MarkAssemblyIsBeingDeleted(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReportProgressAsync(ProtectionId id, int sequence, CaptureProgress progress, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.Report(sequence, progress), cancellationToken);

    /// <inheritdoc/>
    public Task<ProtectionId?> CloseAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Races.RetryAsync($"close {assembly} for new protections", async () =>
        {
            var (summary, version) = await table.ReadSummaryAsync(assembly, cancellationToken);
            if (summary.Locks > 0 && await FindLockedAsync(assembly, cancellationToken) is { } locked)
                return locked;
            if (summary.Close() is var closed && closed != summary)
                await table.SubmitTransactionAsync([SummaryRow.Write(assembly, closed, version)], cancellationToken);
            return null;
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
        if (query.Statuses is { } statuses)
            filter += $" and ({string.Join(" or ", statuses.Select(status => TableClient.CreateQueryFilter($"Status eq {status.ToWireName()}")))})";
        return StorageErrors.GuardAsync($"list the protections of {query.Assembly}", async () =>
        {
            var (rows, total) = query.OldestFirst
                ? await table.PageFromEndAsync(filter, query.Skip, query.Take, cancellationToken)
                : await table.PageAsync(filter, query.Skip, query.Take, cancellationToken);
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

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionEvent>> GetEventsAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageErrors.GuardAsync<IReadOnlyList<ProtectionEvent>>($"read the events of protection {id}", async () =>
        {
            var events = new List<ProtectionEvent>();
            await foreach (var row in table.FindByPrefix(Keys.Protections.Partition(id.Assembly), Keys.Protections.EventPrefix(id), cancellationToken))
                events.Add(EventRow.Read(row));
            return events;
        }, cancellationToken);
    }

    private async Task<CreateResult> TryCreateAsync(NewProtection request, string createdBy, CancellationToken cancellationToken)
    {
        // The key is looked for after the summary was read: the protection that runs may be this very request's, sent twice at once.
        var (summary, version) = await table.ReadSummaryAsync(request.Assembly, cancellationToken);
        if (request.Idempotency is { } key && await ReadEarlierAsync(request.Assembly, key, cancellationToken) is { } earlier)
            return earlier;
        if (summary.Refusal is { } refusal)
            return refusal;

        var step = Protection.Create(request, summary.LatestMilliseconds);
        var created = step.Protection;

        // Before the protection exists: should this process die now, the watchdog finds it and gets it going.
        await unfinished.AddAsync(created.Id, request.RequestedAt, cancellationToken);
        var writes = CreationWrites.Of(step, summary, version, createdBy);
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
            if (await CreationWrites.FindOwnAsync(table, created.Id, createdBy, cancellationToken) is { } own)
                return new CreateResult.Accepted(own, Replayed: false);
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

        ProtectionRow.Write(row, step.Protection);
        List<TableTransactionAction> writes =
        [
            new(TableTransactionActionType.UpdateReplace, row, row.ETag),
            new(TableTransactionActionType.Add, TransitionRow.Create(step.Transition)),
        ];
        if (step.EndsRun)
        {
            var (summary, version) = await table.ReadSummaryAsync(transition.Id.Assembly, cancellationToken);
            writes.Add(SummaryRow.Write(transition.Id.Assembly, summary.End(step.Protection), version));
            writes.Add(new(TableTransactionActionType.Add, HeldRow.Create(step.Protection)));
        }

        await table.SubmitTransactionAsync(writes, cancellationToken);
        return result;
    }

    private async Task<ProtectionAct?> TryActAsync(ProtectionId id, Func<Protection, ProtectionSummary, ProtectionAct> act, CancellationToken cancellationToken)
    {
        // The summary first: what is decided by it must not be older than the protection.
        var (summary, version) = await table.ReadSummaryAsync(id.Assembly, cancellationToken);
        if (await FindRowAsync(id, cancellationToken) is not { } row)
            return null;
        var protection = ProtectionRow.Read(row);
        var acted = act(protection, summary);
        if (acted.Protection == protection)
            return acted;

        if (acted.Releases && summary.NewestGood?.Id == id)
            acted = acted with { Summary = acted.Summary.Release(id, await table.ReadGoodExceptAsync(id, cancellationToken)) };
        ProtectionRow.Write(row, acted.Protection);
        List<TableTransactionAction> writes =
        [
            new(TableTransactionActionType.UpdateReplace, row, row.ETag),
            SummaryRow.Write(id.Assembly, acted.Summary, version),
        ];
        if (acted.Event is { } happened)
            writes.Add(new(TableTransactionActionType.Add, EventRow.Create(happened)));
        if (acted.Releases && await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Held(id), cancellationToken) is not null)
            writes.Add(HeldRow.Delete(id));
        await table.SubmitTransactionAsync(writes, cancellationToken);
        return acted;
    }

    private async Task<ProtectionId?> FindLockedAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.Protections.Created(0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Protections.Partition(assembly)} and RowKey ge {from} and RowKey lt {to} and Lock ge {""}");
        var (rows, _) = await table.PageAsync(filter, skip: 0, take: 1, cancellationToken);
        return rows is [var row] ? ProtectionRow.Read(row).Id : null;
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
            {
                ProtectionRow.Write(row, changed);
                await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            }

            return true;
        }, cancellationToken);
    }

    private async Task<ProtectionTransition?> FindTransitionAsync(ProtectionId id, int sequence, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Transition(id, sequence), cancellationToken) is { } row
            ? TransitionRow.Read(row)
            : null;

    private Task<TableEntity?> FindRowAsync(ProtectionId id, CancellationToken cancellationToken) =>
        table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Protection(id), cancellationToken);
}
