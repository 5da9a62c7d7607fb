namespace CloudRewind.Domain.Capture;

/// <summary>The entries of an inventory that are captured at the same moment, and the rules of what becomes of them.</summary>
/// <param name="entries">All of the group, in the inventory's order.</param>
internal sealed class CaptureGroup(IReadOnlyList<ProtectedResource> entries)
{
    private readonly DateTimeOffset? nextStartAt = entries.Max(entry => entry.NextStartAt);

    /// <summary>What is still to be captured.</summary>
    public IReadOnlyList<ProtectedResource> Unfinished { get; } = [.. entries.Where(entry => !entry.IsFinished)];

    public static IEnumerable<CaptureGroup> AllOf(IEnumerable<ProtectedResource> entries) =>
        entries.GroupBy(entry => entry.GroupId, StringComparer.Ordinal).Select(group => new CaptureGroup([.. group]));

    /// <summary>Whether the provider may be asked to start it: nothing of it has a snapshot, and none that was asked for may still appear.</summary>
    public bool MayStart(DateTimeOffset now) => Unfinished.Count > 0 && entries.All(entry => entry.SnapshotId is null) && !IsSettling(now);

    /// <summary>Its entries as they stand, now that the snapshots of the protection have been listed.</summary>
    /// <param name="seen">The snapshots that were listed, or found by their ids.</param>
    /// <param name="now">When they were asked for.</param>
    /// <param name="settleWindow">How long a snapshot must be missing until it is gone.</param>
    public IEnumerable<ProtectedResource> Review(ILookup<string, Snapshot> seen, DateTimeOffset now, TimeSpan settleWindow)
    {
        var candidates = entries.SelectMany(entry => seen[entry.ResourceId]).ToList();
        var set = FindSet(candidates);
        var wasStarted = set.Any() || entries.Any(entry => entry.SnapshotId is not null);
        return entries.Select(entry => IsOver(entry) ? entry
            : entry.SnapshotId is { } id ? ReviewRecorded(entry, candidates.Find(snapshot => snapshot.Id == id), now, settleWindow)
            : Review(entry, set, wasStarted, now));
    }

    /// <summary>The recorded snapshots that a list should have shown, and has not.</summary>
    public IEnumerable<string> MissingFrom(ILookup<string, Snapshot> listed, DateTimeOffset now) => IsSettling(now)
        ? []
        : Unfinished.Where(entry => listed[entry.ResourceId].All(snapshot => snapshot.Id != entry.SnapshotId))
            .Select(entry => entry.SnapshotId).OfType<string>();

    /// <summary>Its unfinished entries, now that the provider has started them.</summary>
    /// <param name="snapshots">The provider's answer. AWS itself marks all snapshots of a set as failed where one fails.</param>
    public IEnumerable<ProtectedResource> Started(IReadOnlyList<Snapshot> snapshots) => Unfinished.Select(entry =>
        snapshots.FirstOrDefault(snapshot => snapshot.ResourceId == entry.ResourceId) is { } snapshot
            ? entry.With(snapshot)
            : entry.Fail(NotInSet));

    private const string NotInSet = "It was no longer with the resources that it was to be captured with.";

    private bool IsSettling(DateTimeOffset now) => nextStartAt > now;

    // One that failed without a snapshot may have one after all, where an earlier attempt ended with nobody knowing.
    private static bool IsOver(ProtectedResource entry) => entry.IsFinished && entry.SnapshotId is not null;

    private ProtectedResource ReviewRecorded(ProtectedResource entry, Snapshot? snapshot, DateTimeOffset now, TimeSpan settleWindow)
    {
        if (snapshot is not null)
            return entry.With(snapshot);
        if (IsSettling(now))
            return entry;
        var missed = entry.Missed(now);
        return missed.IsGone(now, settleWindow) ? missed.Fail($"Snapshot {entry.SnapshotId} is gone.") : missed;
    }

    private ProtectedResource Review(ProtectedResource entry, IEnumerable<Snapshot> set, bool wasStarted, DateTimeOffset now)
    {
        if (set.FirstOrDefault(snapshot => snapshot.ResourceId == entry.ResourceId) is { } found)
            return entry.With(found);
        if (entry.IsFinished || IsSettling(now))
            return entry;
        if (wasStarted)
            return entry.Fail(NotInSet);
        return entry.ErrorsInARow < CaptureLimits.MaxErrorsInARow
            ? entry
            : entry.Fail($"Given up after {entry.ErrorsInARow} attempts: {entry.Reason}");
    }

    // What one call started shows one moment: the entries of a group never have snapshots of two sets, even where it was started twice. The set that covers
    // the most is taken, then the earlier.
    private IEnumerable<Snapshot> FindSet(IReadOnlyList<Snapshot> candidates)
    {
        var recorded = entries.Select(entry => entry.SnapshotId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var sets = candidates.GroupBy(snapshot => snapshot.SetId, StringComparer.Ordinal);
        return recorded.Count > 0
            ? sets.FirstOrDefault(set => set.Any(snapshot => recorded.Contains(snapshot.Id))) ?? Enumerable.Empty<Snapshot>()
            : sets.OrderByDescending(set => set.Count()).ThenBy(set => set.Min(snapshot => snapshot.StartedAt)).ThenBy(set => set.Key, StringComparer.Ordinal).FirstOrDefault()
                ?? Enumerable.Empty<Snapshot>();
    }
}
