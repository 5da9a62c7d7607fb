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
    // A round stays short, however many groups there are: the next one starts the rest.
    private static readonly TimeSpan StartingTime = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Looks once at all snapshots of the protection, writes down what came of them, and starts what may be started. After the time limit, or where the run was asked to end, it gives up what has not ended.
    /// </summary>
    /// <param name="protection">A protection that is in progress.</param>
    /// <param name="assembly">Its assembly; null where that is gone, which nothing can be captured without.</param>
    /// <param name="stopStarting">Lets the round start nothing more, and end in order.</param>
    /// <param name="cancellationToken">Stops the round between two steps.</param>
    public async Task<CaptureRound> AdvanceAsync(
        Protection protection, CloudAssembly? assembly, CancellationToken stopStarting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        var round = new Round(protection.Id, assembly is null ? null : new CaptureTarget(protection.Id, assembly), stopStarting);
        var deadline = protection.UpdatedAt + limits.TimeLimit;
        var entries = await inventory.ReadAsync(protection.Id, cancellationToken);

        var current = entries;
        if (entries.Any(entry => !entry.IsFinished && (entry.State == ResourceState.Capturing || entry.NextStartAt is not null)))
            current = await ReviewAsync(round, entries, cancellationToken);
        if (round.Target is null)
            await WriteAsync(round, current, entry => entry.Fail("The cloud assembly is gone, and with it the connection to AWS."), cancellationToken);
        else if (protection.Cancel is { } cancel)
            await WriteAsync(round, current, entry => entry.Fail($"{cancel.Reason} {round.Waiting ?? entry.Reason}".TrimEnd()), cancellationToken);
        else if (time.GetUtcNow() >= deadline)
            await WriteAsync(round, current, entry => entry.Fail($"Not captured within the time limit of {limits.TimeLimit:c}. {round.Waiting ?? entry.Reason}".TrimEnd()), cancellationToken);
        else if (round.Waiting is null)
            await StartAsync(round, current, deadline, cancellationToken);

        var after = await inventory.ReadAsync(protection.Id, cancellationToken);
        if (round.Listed is null && round.Waiting is null && after.All(entry => entry.IsFinished))
        {
            await ReviewAsync(round, after, cancellationToken);
            after = await inventory.ReadAsync(protection.Id, cancellationToken);
        }

        return round.Describe(after, protection.Progress, deadline - time.GetUtcNow()) with { Cancel = protection.Cancel };
    }

    // The inventory after one look at the snapshots. An entry that somebody else wrote meanwhile is not among them: it is for the next round.
    private async Task<IReadOnlyList<ProtectedResource>> ReviewAsync(Round round, IReadOnlyList<ProtectedResource> entries, CancellationToken cancellationToken)
    {
        if (round.Target is null)
            return entries;
        try
        {
            round.Saw(await provider.ListAsync(round.Target, cancellationToken));
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            round.Wait(error);
            return entries;
        }

        var now = time.GetUtcNow();
        var before = entries.ToHashSet();
        var reviewed = CaptureGroup.AllOf(entries).SelectMany(group => group.Review(round.Snapshots, now)).ToList();
        var changed = reviewed.Where(entry => !before.Contains(entry)).ToList();
        if (changed.Count == 0)
            return entries;
        var written = await inventory.TryUpdateAsync(round.Id, changed, cancellationToken);
        return [.. reviewed.Where(before.Contains), .. written];
    }

    private async Task WriteAsync(
        Round round, IReadOnlyList<ProtectedResource> entries, Func<ProtectedResource, ProtectedResource> change, CancellationToken cancellationToken)
    {
        var changed = entries.Where(entry => !entry.IsFinished).Select(change).ToList();
        if (changed.Count > 0)
            await inventory.TryUpdateAsync(round.Id, changed, cancellationToken);
    }

    private Task StartAsync(Round round, IReadOnlyList<ProtectedResource> entries, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = now + StartingTime < deadline ? now + StartingTime : deadline;
        return Parallel.ForEachAsync(
            CaptureGroup.AllOf(entries).Where(group => group.MayStart(now)),
            new ParallelOptions { MaxDegreeOfParallelism = limits.MaxConcurrency, CancellationToken = cancellationToken },
            async (group, token) =>
            {
                if (round.Waiting is null && !round.StopsStarting && time.GetUtcNow() < end)
                    await StartAsync(round, group, token);
            });
    }

    private async Task StartAsync(Round round, CaptureGroup group, CancellationToken cancellationToken)
    {
        var settled = time.GetUtcNow() + provider.SettleWindow;
        var claim = group.Unfinished[0] with { State = ResourceState.Capturing, NextStartAt = settled };
        if (await inventory.TryUpdateAsync(round.Id, [claim], cancellationToken) is not [var claimed])
            return; // another run of this round has it

        IReadOnlyList<ProtectedResource> asked = [claimed, .. group.Unfinished.Skip(1)];
        await inventory.TryUpdateAsync(round.Id, [.. await AttemptAsync()], cancellationToken);

        async Task<IEnumerable<ProtectedResource>> AttemptAsync()
        {
            try
            {
                var snapshots = await provider.StartAsync(round.Target!, asked, cancellationToken);
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
    }

    /// <summary>What one round learns.</summary>
    private sealed class Round(ProtectionId id, CaptureTarget? target, CancellationToken stopStarting)
    {
        private readonly ConcurrentDictionary<string, Snapshot> known = new(StringComparer.Ordinal);
        private TimeSpan retryAfter;
        private bool started;

        public ProtectionId Id => id;

        public CaptureTarget? Target => target;

        public bool StopsStarting => stopStarting.IsCancellationRequested;

        public IReadOnlyList<Snapshot>? Listed { get; private set; }

        public ILookup<string, Snapshot> Snapshots => Listed!.ToLookup(snapshot => snapshot.ResourceId, StringComparer.Ordinal);

        /// <summary>Why the provider is not asked to start anything more in this round; null where it may be.</summary>
        public string? Waiting { get; private set; }

        public void Saw(IReadOnlyList<Snapshot> snapshots)
        {
            Listed = snapshots;
            Know(snapshots);
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

        public CaptureRound Describe(IReadOnlyList<ProtectedResource> entries, CaptureProgress? before, TimeSpan left)
        {
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

        private void Know(IReadOnlyList<Snapshot> snapshots)
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
