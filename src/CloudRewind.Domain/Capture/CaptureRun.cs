using System.Collections.Concurrent;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>
/// Moves the captures of a protection on, one short round at a time. All state is in the inventory and at the provider, so that a round may be repeated, cut
/// short at any point, or run twice at once. A group is claimed under the version of its first entry before the provider is asked to start it, and the claim keeps its
/// time: while snapshots that were asked for may still appear, the group is looked for and not started again, whatever died in between.
/// </summary>
public sealed class CaptureRun(IResourceInventory inventory, ICaptureProvider provider, CaptureLimits limits, TimeProvider time)
{
    // Written together or not at all; see IResourceInventory.
    private const int MaxClaims = 100;

    /// <summary>
    /// Looks once at all snapshots of the protection, writes down what came of them, and starts what may be started. After the time limit, or where the run was asked to end, it gives up what has not ended.
    /// </summary>
    /// <param name="protection">A protection that is in progress.</param>
    /// <param name="assembly">Its assembly as it is now, for its connection where the recorded one is refused; null where the assembly is gone.</param>
    /// <param name="stopStarting">Lets the round start nothing more, and end in order.</param>
    /// <param name="cancellationToken">Stops the round between two steps.</param>
    public async Task<CaptureRound> AdvanceAsync(
        Protection protection, CloudAssembly? assembly, CancellationToken stopStarting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        var round = new Round(protection.Id, assembly, stopStarting);
        var deadline = protection.UpdatedAt + limits.TimeLimit;
        round.Read(await inventory.ReadAsync(protection.Id, cancellationToken));
        try
        {
            round.Target = CaptureTarget.Of(protection, provider);
        }
        catch (CaptureRefusedException error)
        {
            round.Wait(error);
        }

        if (round.Entries.Any(entry => !entry.IsFinished && (entry.State == ResourceState.Capturing || entry.NextStartAt is not null)))
            await ReviewAsync(round, cancellationToken);
        if (protection.Cancel is { } cancel)
            await WriteAsync(round, entry => entry.Fail($"{cancel.Reason} {round.Waiting ?? entry.Reason}".TrimEnd()), cancellationToken);
        else if (time.GetUtcNow() >= deadline)
            await WriteAsync(round, entry => entry.Fail($"Not captured within the time limit of {limits.TimeLimit:c}. {round.Waiting ?? entry.Reason}".TrimEnd()), cancellationToken);
        else if (round.Waiting is null)
            await StartAsync(round, deadline, cancellationToken);

        if (round.LostRace)
            round.Read(await inventory.ReadAsync(protection.Id, cancellationToken));
        if (round.Listed is null && round.Waiting is null && round.Entries.All(entry => entry.IsFinished))
            await ReviewAsync(round, cancellationToken);
        return round.Describe(protection.Progress, deadline - time.GetUtcNow()) with { Cancel = protection.Cancel };
    }

    // One look at the snapshots.
    private async Task ReviewAsync(Round round, CancellationToken cancellationToken)
    {
        if (round.Target is not { } target)
            return;
        var now = time.GetUtcNow(); // before the list is asked for: what is asked for later, it may not show
        try
        {
            round.Saw(now, await time.WithinAsync(
                ProviderCalls.List, token => provider.ListAsync(target, round.Assembly, token), cancellationToken));
            string[] missing = [.. CaptureGroup.AllOf(round.Entries).SelectMany(group => group.MissingFrom(round.Snapshots, now))];
            if (missing.Length > 0)
                round.Know(await time.WithinAsync(
                    ProviderCalls.Find, token => provider.FindAsync(round.Target!, missing, token), cancellationToken));
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            round.Wait(error);
            return;
        }

        var before = round.Entries.ToHashSet();
        var after = CaptureGroup.AllOf(round.Entries).SelectMany(group => group.Review(round.Snapshots, now, provider.SettleWindow));
        await TryUpdateAsync(round, [.. after.Where(entry => !before.Contains(entry))], cancellationToken);
    }

    private Task WriteAsync(Round round, Func<ProtectedResource, ProtectedResource> change, CancellationToken cancellationToken) =>
        TryUpdateAsync(round, [.. round.Entries.Where(entry => !entry.IsFinished).Select(change)], cancellationToken);

    // What somebody else has written meanwhile is for the next round; this one reads it once more, before it says how far the run is.
    private async Task<IReadOnlyList<ProtectedResource>> TryUpdateAsync(Round round, IReadOnlyList<ProtectedResource> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
            return [];
        var written = await inventory.TryUpdateAsync(round.Id, entries, cancellationToken);
        round.Wrote(written, isAll: written.Count == entries.Count);
        return written;
    }

    private async Task StartAsync(Round round, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + ProviderCalls.Beginning;
        end = end < deadline ? end : deadline;
        var looked = round.ListedAt ?? time.GetUtcNow();
        foreach (var groups in CaptureGroup.AllOf(round.Entries).Where(group => group.MayStart(looked)).Chunk(Math.Min(limits.MaxConcurrency, MaxClaims)).ToList())
        {
            if (!MayStart())
                return;
            await StartAsync(round, groups, MayStart, cancellationToken);
        }

        bool MayStart() => round.Waiting is null && !round.StopsStarting && time.GetUtcNow() < end;
    }

    // The claims of all of them are one write, and so is what came of them.
    private async Task StartAsync(Round round, CaptureGroup[] groups, Func<bool> mayStart, CancellationToken cancellationToken)
    {
        var settled = time.GetUtcNow() + provider.SettleWindow;
        var claims = groups.Select(group => group.Unfinished[0] with { State = ResourceState.Capturing, NextStartAt = settled }).ToList();
        var claimed = (await TryUpdateAsync(round, claims, cancellationToken)).ToDictionary(entry => entry.ResourceId, StringComparer.Ordinal);
        var attempts = new ConcurrentBag<IReadOnlyList<ProtectedResource>>();
        await Parallel.ForEachAsync(
            groups.Where(group => claimed.ContainsKey(group.Unfinished[0].ResourceId)), // another run of this round has the others
            new ParallelOptions { MaxDegreeOfParallelism = limits.MaxConcurrency, CancellationToken = cancellationToken },
            async (group, token) =>
            {
                var claim = claimed[group.Unfinished[0].ResourceId];
                attempts.Add(mayStart()
                    ? [.. await AttemptAsync(round, [claim, .. group.Unfinished.Skip(1)], settled, token)]
                    : [group.Unfinished[0] with { Version = claim.Version }]);
            });
        await TryUpdateAsync(round, [.. attempts.SelectMany(entries => entries)], cancellationToken);
    }

    private async Task<IEnumerable<ProtectedResource>> AttemptAsync(Round round, IReadOnlyList<ProtectedResource> asked, DateTimeOffset settled, CancellationToken cancellationToken)
    {
        try
        {
            var snapshots = await StartAsync(round.Target!, asked, settled, cancellationToken);
            round.Start(snapshots);
            return new CaptureGroup(asked).Started(snapshots).Select(entry => entry with { NextStartAt = settled });
        }
        catch (CaptureRefusedException error)
        {
            return asked.Select(entry => entry.Fail(error.Message) with { NextStartAt = null }); // nothing was done: nothing will appear
        }
        catch (RetryLaterException error)
        {
            if (error.ConcernsAll)
                round.Wait(error);
            var next = time.GetUtcNow() + error.After;
            return asked.Select(entry => entry with { State = ResourceState.Pending, NextStartAt = next, Reason = error.Message });
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            return asked.Select(entry => entry with
            {
                State = ResourceState.Capturing,
                NextStartAt = settled,
                ErrorsInARow = entry.ErrorsInARow + 1,
                Reason = error.Message,
            });
        }
    }

    // What AWS is asked for later than half of the settle window might show after it counts as not started.
    private async Task<IReadOnlyList<Snapshot>> StartAsync(
        CaptureTarget target, IReadOnlyList<ProtectedResource> group, DateTimeOffset settled, CancellationToken cancellationToken)
    {
        var left = settled - (provider.SettleWindow / 2) - time.GetUtcNow();
        var limit = left > ProviderCalls.Start ? ProviderCalls.Start : left > TimeSpan.Zero ? left : TimeSpan.Zero;
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await provider.StartAsync(target, group, either.Token);
        }
        catch (OperationCanceledException error) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Whether its snapshots were started is not known: the capture provider did not answer within {limit:c}.", error);
        }
    }

    /// <summary>What one round learns.</summary>
    private sealed class Round(ProtectionId id, CloudAssembly? assembly, CancellationToken stopStarting)
    {
        private readonly Dictionary<string, ProtectedResource> entries = new(StringComparer.Ordinal);
        private readonly List<string> order = [];
        private readonly ConcurrentDictionary<string, Snapshot> known = new(StringComparer.Ordinal);
        private TimeSpan retryAfter;
        private bool started;

        public ProtectionId Id => id;

        public CloudAssembly? Assembly => assembly;

        /// <summary>What the provider works for; null where another provider has the snapshots.</summary>
        public CaptureTarget? Target { get; set; }

        public bool StopsStarting => stopStarting.IsCancellationRequested;

        /// <summary>The inventory as this round has read and written it.</summary>
        public IReadOnlyList<ProtectedResource> Entries => [.. order.Select(resource => entries[resource])];

        /// <summary>Whether somebody else has written what this round has read.</summary>
        public bool LostRace { get; private set; }

        public IReadOnlyList<Snapshot>? Listed { get; private set; }

        /// <summary>When they were asked for; null where they were not.</summary>
        public DateTimeOffset? ListedAt { get; private set; }

        /// <summary>All that were listed or found, by their resources.</summary>
        public ILookup<string, Snapshot> Snapshots => known.Values.ToLookup(snapshot => snapshot.ResourceId, StringComparer.Ordinal);

        /// <summary>Why the provider is not asked to start anything more in this round; null where it may be.</summary>
        public string? Waiting { get; private set; }

        public void Read(IReadOnlyList<ProtectedResource> inventory)
        {
            entries.Clear();
            order.Clear();
            order.AddRange(inventory.Select(entry => entry.ResourceId));
            Wrote(inventory, isAll: true);
        }

        public void Wrote(IReadOnlyList<ProtectedResource> written, bool isAll)
        {
            foreach (var entry in written)
                entries[entry.ResourceId] = entry;
            LostRace |= !isAll;
        }

        public void Saw(DateTimeOffset at, (CaptureTarget Target, IReadOnlyList<Snapshot> Snapshots) listing)
        {
            ListedAt = at;
            (Target, Listed) = listing;
            Know(listing.Snapshots);
        }

        public void Start(IReadOnlyList<Snapshot> snapshots)
        {
            started = true;
            Know(snapshots);
        }

        public void Wait(Exception error)
        {
            lock (known)
            {
                Waiting ??= error.Message;
                if (error is RetryLaterException { After: var after } && after > retryAfter)
                    retryAfter = after;
            }
        }

        public CaptureRound Describe(CaptureProgress? before, TimeSpan left)
        {
            var entries = Entries;
            var counts = new ResourceCounts(
                entries.Count, entries.Count(entry => entry.State == ResourceState.Captured), entries.Count(entry => entry.State == ResourceState.Failed));
            var failure = entries.FirstOrDefault(entry => entry.State == ResourceState.Failed);
            var recorded = entries.Select(entry => entry.SnapshotId).ToHashSet(StringComparer.Ordinal);
            return new CaptureRound(
                new CaptureProgress(
                    counts,
                    Math.Max(Percent(entries), before?.Percent ?? 0),
                    counts.Unfinished == 0 ? null : Waiting ?? entries.FirstOrDefault(entry => !entry.IsFinished && entry.Reason is not null)?.Reason),
                started,
                retryAfter,
                left > TimeSpan.Zero ? left : TimeSpan.Zero,
                failure is null ? null : $"{failure.ResourceId}: {failure.Reason}",
                (Listed ?? []).Count(snapshot => !recorded.Contains(snapshot.Id)));
        }

        public void Know(IReadOnlyList<Snapshot> snapshots)
        {
            foreach (var snapshot in snapshots)
                known[snapshot.Id] = snapshot;
        }

        private int Percent(IReadOnlyList<ProtectedResource> entries)
        {
            var (done, all) = (0L, 0L);
            foreach (var entry in entries.Where(entry => entry.State != ResourceState.Failed))
            {
                var weight = Math.Max(entry.SizeGiB, 1);
                all += 100L * weight;
                done += weight * (entry.State == ResourceState.Captured ? 100L : entry.SnapshotId is { } snapshot && known.TryGetValue(snapshot, out var seen) ? Math.Min(seen.Percent, 99) : 0L);
            }

            return all == 0 ? 0 : (int)(100 * done / all);
        }
    }
}
