using System.Collections.Concurrent;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Protections to be found.</summary>
internal sealed class InMemoryProtections : IProtectionStore
{
    private int reads;

    public ConcurrentDictionary<ProtectionId, Protection> Rows { get; } = [];

    /// <summary>How many protections each list held.</summary>
    public ConcurrentQueue<int> Lists { get; } = [];

    /// <summary>The one that cannot be read.</summary>
    public ProtectionId? Broken { get; set; }

    /// <summary>The transitions that were recorded.</summary>
    public List<ProtectionTransition> Transitions { get; } = [];

    /// <summary>Is told each transition.</summary>
    public Action<ProtectionTransition> Recorded { get; set; } = _ => { };

    /// <summary>Is told of each protection that something is asked of, before.</summary>
    public Action<ProtectionId> Deciding { get; set; } = _ => { };

    /// <summary>What the protections of every assembly come to.</summary>
    public ProtectionSummary Summary { get; set; } = ProtectionSummary.None;

    /// <summary>How often one was looked for.</summary>
    public int Reads => reads;

    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref reads);
        return id == Broken ? throw new StoreUnavailableException("cannot be read", new IOException()) : Task.FromResult(Rows.GetValueOrDefault(id));
    }

    public Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CreateResult?> FindEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RecordedTransition> RecordAsync(
        ProtectionTransition transition, Protection? known, IReadOnlyCollection<DiscoveredResource>? inventory, CancellationToken cancellationToken)
    {
        var result = Rows[transition.Id].TryRecord(transition, null, out var step);
        if (step is not null)
        {
            Rows[transition.Id] = step.Protection;
            Transitions.Add(step.Transition);
            Recorded(step.Transition);
        }

        return Task.FromResult(new RecordedTransition(result, Rows[transition.Id]));
    }

    public Task<bool> ReportProgressAsync(Protection known, CaptureProgress progress, CancellationToken cancellationToken) =>
        Change(known.Id, row => row.Report(known.Sequence, progress));

    public Task<ProtectionAct?> ActAsync(ProtectionId id, Func<Protection, ProtectionSummary, ProtectionAct> act, CancellationToken cancellationToken)
    {
        Deciding(id);
        if (!Rows.TryGetValue(id, out var row))
            return Task.FromResult<ProtectionAct?>(null);
        var acted = act(row, Summary);
        Rows[id] = acted.Protection;
        return Task.FromResult<ProtectionAct?>(acted);
    }

    public Task<ProtectionSummary> GetSummaryAsync(AssemblyKey assembly, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RetainedCopy>> ListHeldAsync(AssemblyKey assembly, long policyId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ProtectionId?> CloseAsync(AssemblyKey assembly, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ProtectionEvent>> GetEventsAsync(ProtectionId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellationToken) =>
        Change(id, row => row with { AssemblyIsBeingDeleted = true });

    public Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellationToken)
    {
        var found = Rows.Values
            .Where(row => row.Id.Assembly == query.Assembly && row.Id.EpochMilliseconds >= query.FromMilliseconds && row.Id.EpochMilliseconds <= query.ToMilliseconds)
            .OrderByDescending(row => row.Id.EpochMilliseconds).ThenBy(row => row.Id.PolicyId)
            .ToList();
        var page = found.Skip(query.Skip).Take(query.Take).ToList();
        Lists.Enqueue(page.Count);
        return Task.FromResult(new ProtectionPage(page, found.Count > query.Skip + query.Take ? null : found.Count));
    }

    public Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    private Task<bool> Change(ProtectionId id, Func<Protection, Protection> change)
    {
        Rows[id] = change(Rows[id]);
        return Task.FromResult(true);
    }
}
