using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;

namespace CloudRewind.TestSupport;

/// <summary>Keeps protections in memory. The rules are the domain's: this only remembers, and lets one writer in at a time.</summary>
public sealed partial class InMemoryProtectionStore(IWorkList work, IDuePolicies due) : IProtectionStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<ProtectionId, Protection> protections = [];
    private readonly Dictionary<ProtectionId, List<ProtectionTransition>> timelines = [];
    private readonly Dictionary<ProtectionId, List<ProtectionEvent>> events = [];
    private readonly Dictionary<AssemblyKey, ProtectionSummary> summaries = [];
    private readonly Dictionary<AssemblyKey, Dictionary<ProtectionId, RetainedCopy>> held = [];
    private readonly Dictionary<(AssemblyKey, string), (ProtectionId Id, string Fingerprint)> keys = [];
    private Action<Action> write = commit => commit();
    private IWorkList work = work;
    private IDuePolicies due = due;

    /// <summary>A store whose lists are in memory too.</summary>
    public InMemoryProtectionStore(IWorkList work)
        : this(work, new InMemoryDuePolicies())
    {
    }

    /// <summary>A client of the same store, each of whose writes passes through a function of the test's.</summary>
    public InMemoryProtectionStore Through(Action<Action> through, IWorkList? workThrough = null, IDuePolicies? dueThrough = null)
    {
        var client = (InMemoryProtectionStore)MemberwiseClone();
        client.write = through;
        client.work = workThrough ?? work;
        client.due = dueThrough ?? due;
        return client;
    }

    /// <inheritdoc/>
    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellationToken) => LockedAsync(() => protections.GetValueOrDefault(id));

    /// <inheritdoc/>
    public async Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var summary = await LockedAsync(() => SummaryOf(request.Assembly));
            if (request.Idempotency is { } key && await FindEarlierAsync(request.Assembly, key, cancellationToken) is { } earlier)
                return earlier;
            if (summary.Refusal is { } refusal)
                return refusal;

            var step = Protection.Create(request, summary.LatestMilliseconds);
            var id = step.Protection.Id;
            await work.EnsureAsync(WorkKey.Lifecycle(id), request.RequestedAt, cancellationToken);
            var isWritten = await LockedAsync(() =>
            {
                if (SummaryOf(request.Assembly) != summary)
                    return false; // a lost race
                write(() =>
                {
                    Write(step);
                    summaries[request.Assembly] = summary.Start(step.Protection);
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
    public Task<RecordedTransition> RecordAsync(
        ProtectionTransition transition, Protection? known, IReadOnlyCollection<DiscoveredResource>? inventory, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        if (!protections.TryGetValue(transition.Id, out var protection))
            return new RecordedTransition(RecordResult.NoSuchProtection, null);
        var result = protection.TryRecord(transition, timelines[transition.Id].ElementAtOrDefault(transition.Sequence), out var step);
        var newestBefore = SummaryOf(transition.Id.Assembly).NewestGood;
        if (step is not null)
        {
            write(() =>
            {
                Write(step);
                if (step.EndsRun)
                    End(step.Protection);
            });
        }

        return new RecordedTransition(result, protections[transition.Id], step is { EndsRun: true } ? newestBefore : null);
    });

    /// <inheritdoc/>
    public Task<ProtectionAct?> ActAsync(ProtectionId id, Func<Protection, ProtectionSummary, ProtectionAct> act, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        if (!protections.TryGetValue(id, out var protection))
            return null;
        var acted = act(protection, SummaryOf(id.Assembly));
        if (acted.Protection == protection)
            return acted;
        if (acted.Releases)
        {
            var others = HeldOf(id.Assembly).Keys.Where(other => other != id).Select(other => protections[other].AsRecoveryPoint()).OfType<RecoveryPoint>();
            acted = acted with { Summary = acted.Summary.Release(id, RecoveryPoint.Latest(others)) };
        }

        write(() =>
        {
            protections[id] = acted.Protection;
            summaries[id.Assembly] = acted.Summary;
            if (acted.Event is { } happened)
                EventsOf(id).Add(happened);
            if (acted.Releases)
                HeldOf(id.Assembly).Remove(id);
        });
        return (ProtectionAct?)acted;
    });

    /// <inheritdoc/>
    public Task<ProtectionSummary> GetSummaryAsync(AssemblyKey assembly, CancellationToken cancellationToken) => LockedAsync(() => SummaryOf(assembly));

    /// <inheritdoc/>
    public Task<IReadOnlyList<RetainedCopy>> ListHeldAsync(AssemblyKey assembly, long policyId, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<RetainedCopy>>(() => [.. HeldOf(assembly).Values.Where(copy => copy.Id.PolicyId == policyId)]);

    /// <inheritdoc/>
    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellationToken) =>
        ChangeAsync(id, protection => protection.MarkAssemblyIsBeingDeleted());

    /// <inheritdoc/>
    public Task<bool> ReportProgressAsync(Protection known, CaptureProgress progress, CancellationToken cancellationToken) =>
        ChangeAsync(known.Id, protection => protection.Report(known.Sequence, progress));

    /// <inheritdoc/>
    public Task<ProtectionId?> CloseAsync(AssemblyKey assembly, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        if (protections.Values.FirstOrDefault(protection => protection.Id.Assembly == assembly && protection.Lock is not null) is { } locked)
            return locked.Id;
        summaries[assembly] = SummaryOf(assembly).Close();
        return (ProtectionId?)null;
    });

    /// <inheritdoc/>
    public Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        var found = protections.Values
            .Where(protection => protection.Id.Assembly == query.Assembly
                && protection.Id.EpochMilliseconds >= query.FromMilliseconds
                && protection.Id.EpochMilliseconds <= query.ToMilliseconds
                && query.Statuses?.Contains(protection.Status) != false)
            .OrderBy(protection => protection.Id.EpochMilliseconds)
            .ToList();
        if (!query.OldestFirst)
            found.Reverse();
        return new ProtectionPage([.. found.Skip(query.Skip).Take(query.Take)], found.Count > (long)query.Skip + query.Take ? null : found.Count);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<ProtectionTransition>>(() => [.. timelines.GetValueOrDefault(id, [])]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionEvent>> GetEventsAsync(ProtectionId id, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<ProtectionEvent>>(() => [.. EventsOf(id)]);

    private ProtectionSummary SummaryOf(AssemblyKey assembly) => summaries.GetValueOrDefault(assembly, ProtectionSummary.None);

    private Dictionary<ProtectionId, RetainedCopy> HeldOf(AssemblyKey assembly) =>
        held.TryGetValue(assembly, out var copies) ? copies : held[assembly] = [];

    private List<ProtectionEvent> EventsOf(ProtectionId id) => events.TryGetValue(id, out var happened) ? happened : events[id] = [];

    private void End(Protection ended)
    {
        var assembly = ended.Id.Assembly;
        summaries[assembly] = SummaryOf(assembly).End(ended);
        HeldOf(assembly)[ended.Id] = new RetainedCopy(ended.Id, ended.Outcome!.Value, ended.CreatedAt, ByCount: ended.ExpiresAt is null);
    }

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
