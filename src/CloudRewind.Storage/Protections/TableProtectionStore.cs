using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Storage.Capture;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>
/// Keeps protections in the table <c>Protections</c>. It loads, asks the domain, and writes what the domain says: in one entity-group
/// transaction in the partition of the assembly, under the versions that it read.
/// </summary>
public sealed class TableProtectionStore(StorageTables tables, IWorkList work) : IProtectionStore
{
    // The transaction of a transition has four rows of its own at the most.
    private const int InventoryAtOnce = StorageTables.MaxWrites - 4;

    private readonly TableClient table = tables.Protections;

    /// <inheritdoc/>
    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorageErrors.GuardAsync(
            $"read protection {id}",
            async () => await table.LookUpAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Protection(id), cancellationToken) is { } row ? ProtectionRow.Read(row) : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Races.RetryAsync($"create a protection of {request.Assembly}", () => TryCreateAsync(request, cancellationToken), cancellationToken);
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
    public Task<RecordedTransition> RecordAsync(
        ProtectionTransition transition, Protection? known, IReadOnlyCollection<DiscoveredResource>? inventory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transition);
        return Races.RetryAsync(
            $"record transition {transition.Sequence} of protection {transition.Id}",
            () => TryRecordAsync(transition, Take(ref known), inventory, cancellationToken),
            cancellationToken);
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
    public Task<IReadOnlyList<RetainedCopy>> ListHeldAsync(AssemblyKey assembly, long policyId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return StorageErrors.GuardAsync<IReadOnlyList<RetainedCopy>>(
            $"list what policy {policyId} of {assembly} holds",
            async () => await table.ReadHeldAsync(assembly, Keys.Protections.HeldOfPolicyPrefix(policyId), cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellationToken) =>
        ChangeAsync(id, known: null, protection => protection.MarkAssemblyIsBeingDeleted(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReportProgressAsync(Protection known, CaptureProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(known);
        return ChangeAsync(known.Id, known, protection => protection.Report(known.Sequence, progress), cancellationToken);
    }

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
                await table.WriteAsync([SummaryRow.Write(assembly, closed, version)], cancellationToken);
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

    private async Task<CreateResult> TryCreateAsync(NewProtection request, CancellationToken cancellationToken)
    {
        // The key is looked for after the summary was read: the protection that runs may be this very request's, sent twice at once.
        var (summary, version) = await table.ReadSummaryAsync(request.Assembly, cancellationToken);
        if (request.Idempotency is { } key && await ReadEarlierAsync(request.Assembly, key, cancellationToken) is { } earlier)
            return earlier;
        if (summary.Refusal is { } refusal)
            return refusal;

        var step = Protection.Create(request, summary.LatestMilliseconds);
        var created = step.Protection;

        // Listed first: if this process dies now, the watchdog finds the protection and starts it.
        await work.EnsureAsync(WorkKey.Lifecycle(created.Id), request.RequestedAt, cancellationToken);
        var writes = CreationWrites.Of(step, summary, version);
        if (request.Idempotency is { } used)
            writes.Insert(1, new(TableTransactionActionType.Add, IdempotencyRow.Create(created.Id, used)));
        var versions = await table.WriteAsync(writes, cancellationToken);
        return new CreateResult.Accepted(created with { Version = versions[0] }, Replayed: false);
    }

    private async Task<CreateResult?> ReadEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(Keys.Protections.Partition(assembly), Keys.Protections.Idempotency(key.Key), cancellationToken) is not { } row)
            return null;
        var (id, fingerprint) = IdempotencyRow.Read(row);
        var protection = await ReadAsync(id, cancellationToken) ?? throw new InvalidDataException($"The idempotency key names protection {id}, which does not exist.");
        return key.Replay(protection, fingerprint);
    }

    private async Task<RecordedTransition> TryRecordAsync(
        ProtectionTransition transition, Protection? known, IReadOnlyCollection<DiscoveredResource>? inventory, CancellationToken cancellationToken)
    {
        // A refusal may be out of date: only one by the row counts.
        if (known?.TryRecord(transition, null, out var step) == RecordResult.Recorded)
            return await WriteAsync(step!, known, inventory, cancellationToken);
        if (await ReadAsync(transition.Id, cancellationToken) is not { } protection)
            return new(RecordResult.NoSuchProtection, null);

        var onRecord = transition.Sequence <= protection.Sequence
            ? await FindTransitionAsync(transition.Id, transition.Sequence, cancellationToken)
            : null;
        var result = protection.TryRecord(transition, onRecord, out step);
        return step is null ? new(result, protection) : await WriteAsync(step, protection, inventory, cancellationToken);
    }

    private async Task<RecordedTransition> WriteAsync(
        ProtectionStep step, Protection protection, IReadOnlyCollection<DiscoveredResource>? inventory, CancellationToken cancellationToken)
    {
        var writes = inventory is null ? [] : await WriteInventoryAsync(protection, inventory, cancellationToken);
        if (writes.Count > InventoryAtOnce)
        {
            protection = await BeginInventoryAsync(protection, writes[InventoryAtOnce..], cancellationToken);
            writes.RemoveRange(InventoryAtOnce, writes.Count - InventoryAtOnce);
        }

        RecoveryPoint? newestBefore = null;
        if (step.EndsRun)
        {
            var (summary, version) = await table.ReadSummaryAsync(protection.Id.Assembly, cancellationToken);
            newestBefore = summary.NewestGood;
            writes.Add(SummaryRow.Write(protection.Id.Assembly, summary.End(step.Protection), version));
            writes.Add(new(TableTransactionActionType.Add, HeldRow.Create(step.Protection)));
        }

        writes.Insert(0, ProtectionRow.Write(step.Protection, new ETag(protection.Version!)));
        writes.Add(new(TableTransactionActionType.Add, TransitionRow.Create(step.Transition)));
        var versions = await table.WriteAsync(writes, cancellationToken);
        return new(RecordResult.Recorded, step.Protection with { Version = versions[0] }, newestBefore);
    }

    private async Task<List<TableTransactionAction>> WriteInventoryAsync(
        Protection protection, IReadOnlyCollection<DiscoveredResource> inventory, CancellationToken cancellationToken)
    {
        var entries = protection.InventoryIsBegun ? await table.ReadInventoryAsync(protection.Id, cancellationToken) : [];
        var (added, dropped) = ProtectedResource.Reconcile(entries, inventory);
        return
        [
            .. added.Select(entry => new TableTransactionAction(TableTransactionActionType.Add, ResourceRow.Create(protection.Id, entry))),
            .. dropped.Select(entry => new TableTransactionAction(TableTransactionActionType.Delete, ResourceRow.Create(protection.Id, entry), new ETag(entry.Version!))),
        ];
    }

    // What does not go into the transaction of the transition. Each part is written with the protection's row: once anybody else has moved the protection on, nothing is added to its inventory.
    private async Task<Protection> BeginInventoryAsync(Protection protection, IEnumerable<TableTransactionAction> writes, CancellationToken cancellationToken)
    {
        foreach (var part in writes.Chunk(InventoryAtOnce))
        {
            protection = protection with { InventoryIsBegun = true };
            var versions = await table.WriteAsync([ProtectionRow.Write(protection, new ETag(protection.Version!)), .. part], cancellationToken);
            protection = protection with { Version = versions[0] ?? throw Races.Lost() };
        }

        return protection;
    }

    private async Task<ProtectionAct?> TryActAsync(ProtectionId id, Func<Protection, ProtectionSummary, ProtectionAct> act, CancellationToken cancellationToken)
    {
        // The summary first: what is decided by it must not be older than the protection.
        var (summary, version) = await table.ReadSummaryAsync(id.Assembly, cancellationToken);
        if (await ReadAsync(id, cancellationToken) is not { } protection)
            return null;
        var acted = act(protection, summary);
        if (acted.Protection == protection)
            return acted;

        if (acted.Releases && summary.NewestGood?.Id == id)
            acted = acted with { Summary = acted.Summary.Release(id, await table.ReadBestExceptAsync(id, cancellationToken)) };
        List<TableTransactionAction> writes =
        [
            ProtectionRow.Write(acted.Protection, new ETag(protection.Version!)),
            SummaryRow.Write(id.Assembly, acted.Summary, version),
        ];
        if (acted.Releases && await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Held(id), cancellationToken) is not null)
            writes.Add(HeldRow.Delete(id));
        if (acted.Event is { } happened)
            writes.Add(new(TableTransactionActionType.Add, EventRow.Create(happened)));
        var versions = await table.WriteAsync(writes, cancellationToken);
        return acted with { Protection = acted.Protection with { Version = versions[0] } };
    }

    private async Task<ProtectionId?> FindLockedAsync(AssemblyKey assembly, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.Protections.Created(0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Protections.Partition(assembly)} and RowKey ge {from} and RowKey lt {to} and Lock ge {""}");
        var (rows, _) = await table.PageAsync(filter, skip: 0, take: 1, cancellationToken);
        return rows is [var row] ? ProtectionRow.Read(row).Id : null;
    }

    private Task<bool> ChangeAsync(ProtectionId id, Protection? known, Func<Protection, Protection> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Races.RetryAsync($"change protection {id}", async () =>
        {
            if ((Take(ref known) ?? await ReadAsync(id, cancellationToken)) is not { } protection)
                return false;
            if (change(protection) is var changed && changed != protection)
                await table.WriteAsync([ProtectionRow.Write(changed, new ETag(protection.Version!))], cancellationToken);
            return true;
        }, cancellationToken);
    }

    // What the caller knows is good for one attempt: where that loses its race, it was out of date.
    private static Protection? Take(ref Protection? known)
    {
        var taken = known;
        known = null;
        return taken?.Version is null ? null : taken;
    }

    private async Task<ProtectionTransition?> FindTransitionAsync(ProtectionId id, int sequence, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Transition(id, sequence), cancellationToken) is { } row
            ? TransitionRow.Read(row)
            : null;

    private async Task<Protection?> ReadAsync(ProtectionId id, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(id.Assembly), Keys.Protections.Protection(id), cancellationToken) is { } row ? ProtectionRow.Read(row) : null;
}
