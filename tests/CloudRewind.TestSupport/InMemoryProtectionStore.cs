using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.TestSupport;

/// <summary>Keeps protections in memory. The rules are the domain's: this only remembers, and lets one writer in at a time.</summary>
public sealed class InMemoryProtectionStore(IUnfinishedProtections unfinished) : IProtectionStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<ProtectionId, Protection> protections = [];
    private readonly Dictionary<ProtectionId, List<ProtectionTransition>> timelines = [];
    private readonly Dictionary<AssemblyKey, ActiveRun> runs = [];
    private readonly Dictionary<(AssemblyKey, string), (ProtectionId Id, string Fingerprint)> keys = [];
    private Action<Action> write = commit => commit();

    /// <summary>A client of the same store, each of whose writes passes through a function of the test's.</summary>
    public InMemoryProtectionStore Through(Action<Action> through)
    {
        var client = (InMemoryProtectionStore)MemberwiseClone();
        client.write = through;
        return client;
    }

    /// <inheritdoc/>
    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellationToken) => LockedAsync(() => protections.GetValueOrDefault(id));

    /// <inheritdoc/>
    public async Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var run = await LockedAsync(() => runs.GetValueOrDefault(request.Assembly, ActiveRun.None));
            if (request.Idempotency is { } key && await FindEarlierAsync(request.Assembly, key, cancellationToken) is { } earlier)
                return earlier;
            if (run.Refusal is { } refusal)
                return refusal;

            var step = Protection.Create(request, run.LatestMilliseconds);
            var id = step.Protection.Id;
            await unfinished.AddAsync(id, request.RequestedAt, cancellationToken);
            var isWritten = await LockedAsync(() =>
            {
                if (runs.GetValueOrDefault(request.Assembly, ActiveRun.None) != run)
                    return false; // a lost race
                write(() =>
                {
                    Write(step);
                    runs[request.Assembly] = run.Start(id);
                    if (request.Idempotency is { } used)
                        keys.Add((request.Assembly, used.Key), (id, used.Fingerprint));
                });
                return true;
            });
            if (isWritten)
                return new CreateResult.Accepted(step.Protection, Replayed: false);
        }
    }

    /// <inheritdoc/>
    public Task<CreateResult?> FindEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellationToken) =>
        LockedAsync(() => keys.TryGetValue((assembly, key.Key), out var used) ? key.Replay(protections[used.Id], used.Fingerprint) : null);

    /// <inheritdoc/>
    public Task<RecordResult> RecordAsync(ProtectionTransition transition, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        if (!protections.TryGetValue(transition.Id, out var protection))
            return RecordResult.NoSuchProtection;
        var result = protection.TryRecord(transition, timelines[transition.Id].ElementAtOrDefault(transition.Sequence), out var step);
        if (step is not null)
        {
            write(() =>
            {
                Write(step);
                if (step.EndsRun)
                    runs[transition.Id.Assembly] = runs[transition.Id.Assembly].End(transition.Id);
            });
        }

        return result;
    });

    /// <inheritdoc/>
    public Task<bool> RequestPruneAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.RequestPrune(at));

    /// <inheritdoc/>
    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.MarkAssemblyIsBeingDeleted());

    /// <inheritdoc/>
    public Task<bool> ReportProgressAsync(ProtectionId id, int sequence, CaptureProgress progress, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.Report(sequence, progress));

    /// <inheritdoc/>
    public Task CloseAsync(AssemblyKey assembly, CancellationToken cancellationToken) =>
        LockedAsync(() => runs[assembly] = runs.GetValueOrDefault(assembly, ActiveRun.None).Close());

    /// <inheritdoc/>
    public Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        var found = protections.Values
            .Where(protection => protection.Id.Assembly == query.Assembly
                && protection.Id.EpochMilliseconds >= query.FromMilliseconds
                && protection.Id.EpochMilliseconds <= query.ToMilliseconds)
            .OrderByDescending(protection => protection.Id.EpochMilliseconds)
            .ToList();
        return new ProtectionPage([.. found.Skip(query.Skip).Take(query.Take)], found.Count > (long)query.Skip + query.Take ? null : found.Count);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<ProtectionTransition>>(() => [.. timelines.GetValueOrDefault(id, [])]);

    private Task<bool> ChangeAsync(ProtectionId id, Func<Protection, Protection> change) => LockedAsync(() =>
    {
        if (!protections.TryGetValue(id, out var protection))
            return false;
        write(() => protections[id] = change(protection));
        return true;
    });

    private void Write(ProtectionStep step)
    {
        var id = step.Protection.Id;
        protections[id] = step.Protection;
        timelines.TryAdd(id, []);
        timelines[id].Add(step.Transition);
    }

    private async Task<T> LockedAsync<T>(Func<T> action)
    {
        await Task.Yield(); // so that callers interleave
        lock (gate)
            return action();
    }
}
