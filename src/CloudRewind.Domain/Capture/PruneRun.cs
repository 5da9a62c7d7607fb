using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>Removes what a protection holds: its snapshots first, recorded or not, and each inventory entry only when its snapshots are gone.</summary>
public sealed class PruneRun(IResourceInventory inventory, ICaptureProvider provider, TimeProvider time)
{
    /// <summary>The resources that one round tries, so that a round stays short however many there are.</summary>
    public const int ResourcesPerRound = 200;

    /// <summary>Tries to remove the next resources.</summary>
    /// <param name="protection">A protection that has its outcome.</param>
    /// <param name="assembly">Its assembly as it is now, for its connection where the recorded one is refused; null where the assembly is gone.</param>
    /// <param name="skip">How many entries to pass over: those that this attempt has tried already, and had to keep.</param>
    /// <param name="cancellationToken">Stops the round between two steps.</param>
    public async Task<PruneRound> AdvanceAsync(Protection protection, CloudAssembly? assembly, int skip, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        var entries = await inventory.ReadAsync(protection.Id, cancellationToken);
        var share = entries.Skip(skip).Take(ResourcesPerRound).ToList();
        if (share.Count == 0)
            return new PruneRound(0, 0, 0, null);

        IReadOnlyDictionary<string, string> held;
        ILookup<string, string> snapshots;
        try
        {
            var (target, listed) = await provider.ListAsync(CaptureTarget.Of(protection, provider), assembly, cancellationToken);
            snapshots = AssignToEntries(entries, listed);
            held = await provider.RemoveAsync(target, [.. share.SelectMany(entry => snapshots[entry.ResourceId])], cancellationToken);
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            return KeepAll(error.Message);
        }

        var now = time.GetUtcNow();
        var kept = share.Select(entry => (Entry: entry, Why: WhyKept(entry))).Where(tried => tried.Why is not null).ToList();
        var removed = share.Except(kept.Select(tried => tried.Entry)).ToList();
        if (removed.Count > 0)
            await inventory.RemoveAsync(protection.Id, removed, cancellationToken);
        return new PruneRound(
            removed.Count,
            kept.Count,
            Math.Max(0, entries.Count - skip - share.Count),
            kept.Count == 0 ? null : ReasonText.Cut($"{kept[0].Entry.ResourceId}: {kept[0].Why}"));

        // Where one answer stands for every resource, the rest need not be tried.
        PruneRound KeepAll(string why) => new(0, entries.Count - skip, 0, ReasonText.Cut(why));

        string? WhyKept(ProtectedResource entry) =>
            snapshots[entry.ResourceId].Select(snapshot => held.GetValueOrDefault(snapshot)).FirstOrDefault(why => why is not null)
            ?? (entry.SnapshotId is null && entry.NextStartAt > now && !snapshots[entry.ResourceId].Any()
                ? $"a snapshot of it was asked for, and may appear until {entry.NextStartAt:u}." : null);
    }

    // The recorded snapshots and the listed ones, each by the entry that it goes with. One of a resource that has no entry, such as a volume that was attached between
    // discovery and capture, goes with the last entry: the inventory is not empty before it is gone.
    private static ILookup<string, string> AssignToEntries(IReadOnlyList<ProtectedResource> entries, IReadOnlyList<Snapshot> listed)
    {
        var known = entries.Select(entry => entry.ResourceId).ToHashSet(StringComparer.Ordinal);
        return entries.Where(entry => entry.SnapshotId is not null).Select(entry => (entry.ResourceId, Snapshot: entry.SnapshotId!))
            .Concat(listed.Select(snapshot => (ResourceId: known.Contains(snapshot.ResourceId) ? snapshot.ResourceId : entries[^1].ResourceId, Snapshot: snapshot.Id)))
            .Distinct()
            .ToLookup(pair => pair.ResourceId, pair => pair.Snapshot, StringComparer.Ordinal);
    }
}
