using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>
/// Removes what a protection holds: its snapshots first, recorded or not, and each inventory entry only when its snapshots are gone.
/// A snapshot is gone if the provider has removed it; one that the provider does not know is gone only once it has been missing for a whole
/// settle window.
/// </summary>
public sealed class PruneRun(IResourceInventory inventory, ICaptureProvider provider, TimeProvider time)
{
    /// <summary>The resources that one round tries at most.</summary>
    public const int ResourcesPerRound = 200;

    private const int RemovalsAtOnce = 8;

    /// <summary>Tries to remove the next resources.</summary>
    /// <param name="protection">A protection that has its outcome.</param>
    /// <param name="assembly">Its assembly as it is now, for its connection where the recorded one is refused; null where the assembly is gone.</param>
    /// <param name="skip">How many entries to pass over: those that this attempt has tried already, and that have something left.</param>
    /// <param name="cancellationToken">Stops the round between two steps.</param>
    public async Task<PruneRound> AdvanceAsync(Protection protection, CloudAssembly? assembly, int skip, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        var entries = await inventory.ReadAsync(protection.Id, cancellationToken);
        if (entries.Count <= skip)
            return PruneRound.None;

        var round = new Round([.. entries.Skip(skip)], time);
        try
        {
            var recorded = CaptureTarget.Of(protection, provider);
            var (target, listed) = await time.WithinAsync(
                ProviderCalls.List, token => provider.ListAsync(recorded, assembly, token), cancellationToken);
            await RemoveAsync(round, target, AssignToEntries(entries, listed), cancellationToken);
            await ConfirmAsync(round, target, cancellationToken);
        }
        catch (CaptureRefusedException error)
        {
            round.KeepRest(error.Message);
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            round.Stop(error);
        }

        if (round.Noted is { Count: > 0 } noted)
            await inventory.TryUpdateAsync(protection.Id, noted, cancellationToken);
        if (round.Removed is { Count: > 0 } removed)
            await inventory.RemoveAsync(protection.Id, removed, cancellationToken);
        return round.Result;
    }

    // In the inventory's order: what was not come to is at the end, where the next round begins.
    private Task RemoveAsync(Round round, CaptureTarget target, ILookup<string, string> snapshots, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + ProviderCalls.Beginning;
        return Parallel.ForEachAsync(
            round.Entries.Take(ResourcesPerRound),
            new ParallelOptions { MaxDegreeOfParallelism = RemovalsAtOnce, CancellationToken = cancellationToken },
            async (entry, _) => await RemoveAsync(round, target, entry, snapshots[entry.ResourceId], end, cancellationToken));
    }

    private async Task RemoveAsync(
        Round round,
        CaptureTarget target,
        ProtectedResource entry,
        IEnumerable<string> snapshots,
        DateTimeOffset end,
        CancellationToken cancellationToken)
    {
        if (!MayBegin())
            return;
        try
        {
            var missing = new List<string>();
            foreach (var snapshot in snapshots)
            {
                if (!MayBegin())
                    return;
                var isRemoved = await time.WithinAsync(
                    ProviderCalls.Removal, token => provider.RemoveAsync(target, snapshot, token), cancellationToken);
                if (!isRemoved)
                    missing.Add(snapshot);
                else if (snapshot == entry.SnapshotId)
                    round.Note(entry with { SnapshotId = null });
            }

            if (missing.Count > 0)
                round.Miss(entry, missing);
            else if (entry.SnapshotId is null && entry.NextStartAt > round.Began)
                round.WaitUntil(entry, entry.NextStartAt.Value, "A snapshot of it was asked for, and may appear until");
            else
                round.Remove(entry);
        }
        catch (CaptureRefusedException error)
        {
            round.Keep(entry, error.Message);
        }
        catch (RetryLaterException error) when (!error.ConcernsAll)
        {
            round.Wait(entry, error.Message, error.After);
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            round.Wait(entry, error.Message, TimeSpan.Zero);
            round.Stop(error);
        }

        bool MayBegin() => !round.IsStopped && time.GetUtcNow() < end;
    }

    // A new snapshot may show late, and one list or one answer proves nothing: the entry stays until a query by id has not shown its snapshot
    // twice, a settle window apart.
    private async Task ConfirmAsync(Round round, CaptureTarget target, CancellationToken cancellationToken)
    {
        var settled = round.Missing.ToLookup(missing => missing.Entry.NextStartAt is not { } until || until <= round.Began);
        foreach (var (entry, snapshots) in settled[false])
            round.WaitUntil(entry, entry.NextStartAt!.Value, $"Snapshot {snapshots[0]} does not show yet, and may until");
        if (round.IsStopped || !settled[true].Any())
            return;

        string[] asked = [.. settled[true].SelectMany(missing => missing.Snapshots)];
        var found = await time.WithinAsync(ProviderCalls.Find, token => provider.FindAsync(target, asked, token), cancellationToken);
        foreach (var (entry, snapshots) in settled[true])
        {
            var looked = found.Any(snapshot => snapshots.Contains(snapshot.Id)) ? entry with { MissingSince = null } : entry.Missed(round.Began);
            if (looked.IsGone(round.Began, provider.SettleWindow))
                round.Remove(entry);
            else
                round.WaitUntil(entry, round.Began + provider.SettleWindow, $"Snapshot {snapshots[0]} could not be found, and is looked for until");
            if (looked != entry)
                round.Note(looked);
        }
    }

    // The recorded snapshots and the listed ones, each by the entry that it goes with. One of a resource that has no entry, such as a volume
    // that was attached between discovery and capture, goes with the last entry: the inventory is not empty before it is gone.
    private static ILookup<string, string> AssignToEntries(IReadOnlyList<ProtectedResource> entries, IReadOnlyList<Snapshot> listed)
    {
        var known = entries.Select(entry => entry.ResourceId).ToHashSet(StringComparer.Ordinal);
        return entries.Where(entry => entry.SnapshotId is not null).Select(entry => (entry.ResourceId, Snapshot: entry.SnapshotId!))
            .Concat(listed.Select(snapshot => (ResourceId: EntryOf(snapshot), Snapshot: snapshot.Id)))
            .Distinct()
            .ToLookup(pair => pair.ResourceId, pair => pair.Snapshot, StringComparer.Ordinal);

        string EntryOf(Snapshot snapshot) => known.Contains(snapshot.ResourceId) ? snapshot.ResourceId : entries[^1].ResourceId;
    }

    /// <summary>What one round learns of the entries that are left to it, in the inventory's order.</summary>
    private sealed class Round(IReadOnlyList<ProtectedResource> entries, TimeProvider time)
    {
        private readonly Lock gate = new();
        private readonly HashSet<ProtectedResource> tried = [];
        private readonly List<ProtectedResource> removed = [];
        private readonly Dictionary<string, ProtectedResource> noted = new(StringComparer.Ordinal);
        private readonly List<(ProtectedResource Entry, IReadOnlyList<string> Snapshots)> missing = [];
        private (int Count, string? Reason) kept;
        private (int Count, string? Reason) waiting;
        private TimeSpan retryAfter;
        private string? refusal;
        private Exception? obstacle;

        public IReadOnlyList<ProtectedResource> Entries => entries;

        /// <summary>When it began: what was listed since may show what was asked for until then.</summary>
        public DateTimeOffset Began { get; } = time.GetUtcNow();

        /// <summary>Whether other calls would be told the same, so that nothing more is begun.</summary>
        public bool IsStopped
        {
            get
            {
                lock (gate)
                    return obstacle is not null;
            }
        }

        public IReadOnlyCollection<ProtectedResource> Removed => removed;

        /// <summary>What is known now of entries that stay.</summary>
        public IReadOnlyList<ProtectedResource> Noted =>
            [.. noted.Values.ExceptBy(removed.Select(entry => entry.ResourceId), entry => entry.ResourceId)];

        public IReadOnlyList<(ProtectedResource Entry, IReadOnlyList<string> Snapshots)> Missing => missing;

        public PruneRound Result
        {
            get
            {
                var rest = entries.Count - tried.Count;
                var (keeps, waits) = (refusal is null ? 0 : rest, refusal is null && obstacle is not null ? rest : 0);
                return new PruneRound(
                    removed.Count,
                    kept.Count + keeps,
                    waiting.Count + waits,
                    rest - keeps - waits,
                    retryAfter,
                    (kept.Reason ?? refusal ?? waiting.Reason ?? obstacle?.Message) is { } reason ? ReasonText.Cut(reason) : null);
            }
        }

        public void Remove(ProtectedResource entry)
        {
            lock (gate)
            {
                tried.Add(entry);
                removed.Add(entry);
            }
        }

        public void Keep(ProtectedResource entry, string reason)
        {
            lock (gate)
            {
                tried.Add(entry);
                kept = (kept.Count + 1, kept.Reason ?? $"{entry.ResourceId}: {reason}");
            }
        }

        public void Wait(ProtectedResource entry, string reason, TimeSpan after)
        {
            lock (gate)
            {
                tried.Add(entry);
                waiting = (waiting.Count + 1, waiting.Reason ?? $"{entry.ResourceId}: {reason}");
                retryAfter = after > retryAfter ? after : retryAfter;
            }
        }

        public void WaitUntil(ProtectedResource entry, DateTimeOffset end, string reason) => Wait(entry, $"{reason} {end:u}.", end - Began);

        public void Miss(ProtectedResource entry, IReadOnlyList<string> snapshots)
        {
            lock (gate)
                missing.Add((entry, snapshots));
        }

        public void Note(ProtectedResource entry)
        {
            lock (gate)
                noted[entry.ResourceId] = entry;
        }

        /// <summary>Everything that was not tried is kept: the answer stands for all.</summary>
        public void KeepRest(string reason) => refusal = reason;

        /// <summary>Everything that was not tried waits.</summary>
        public void Stop(Exception error)
        {
            lock (gate)
            {
                obstacle ??= error;
                if (error is RetryLaterException { After: var after } && after > retryAfter)
                    retryAfter = after;
            }
        }
    }
}
