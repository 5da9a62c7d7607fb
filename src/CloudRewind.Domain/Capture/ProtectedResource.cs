namespace CloudRewind.Domain.Capture;

/// <summary>One entry of a protection's inventory.</summary>
public sealed record ProtectedResource
{
    /// <summary>Its id at AWS.</summary>
    public required string ResourceId { get; init; }

    /// <summary>What it is, such as <c>ebs-volume</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What it is captured with, at the same moment; see <see cref="DiscoveredResource.GroupId"/>.</summary>
    public required string GroupId { get; init; }

    /// <summary>How much it holds, in GiB; 0 where that is not known.</summary>
    public int SizeGiB { get; init; }

    /// <summary>How it stands.</summary>
    public required ResourceState State { get; init; }

    /// <summary>Its snapshot; null while none is known.</summary>
    public string? SnapshotId { get; init; }

    /// <summary>The moment that its snapshot shows, in UTC; null while there is none.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>
    /// Until when the provider is not asked to start its group (again), in UTC. While a start may have been made whose snapshots do not show yet, it is the time
    /// at which they would; null where nobody has tried.
    /// </summary>
    public DateTimeOffset? NextStartAt { get; init; }

    /// <summary>Why it failed, or what went wrong last; null where nothing did. Cut to <see cref="ReasonText.MaxLength"/> characters.</summary>
    public string? Reason { get; init => field = value is null ? null : ReasonText.Cut(value); }

    /// <summary>How many attempts in a row to start it ended with nobody knowing whether it was started.</summary>
    public int ErrorsInARow { get; init; }

    /// <summary>Since when its recorded snapshot has been missing from every list and query, in UTC; null while it shows.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>The store's mark of this version of the entry: a writer that holds an older one is refused.</summary>
    public string? Version { get; init; }

    /// <summary>Whether its capture has ended, well or not.</summary>
    public bool IsFinished => State is ResourceState.Captured or ResourceState.Failed;

    /// <summary>The entry, now that this is known of its snapshot.</summary>
    public ProtectedResource With(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return this with
        {
            SnapshotId = snapshot.Id,
            TakenAt = snapshot.StartedAt,
            ErrorsInARow = 0,
            MissingSince = null,
            State = snapshot.State switch
            {
                SnapshotState.Completed => ResourceState.Captured,
                SnapshotState.Failed => ResourceState.Failed,
                _ => ResourceState.Capturing,
            },
            Reason = snapshot.State == SnapshotState.Failed ? snapshot.Failure ?? $"Snapshot {snapshot.Id} failed; AWS does not say why." : null,
        };
    }

    /// <summary>The entry, now that neither a list nor a query by id has shown its snapshot, although it should show by now.</summary>
    public ProtectedResource Missed(DateTimeOffset at) => this with { MissingSince = MissingSince ?? at };

    /// <summary>Whether its snapshot has been missing for a whole settle window: only then is it gone.</summary>
    public bool IsGone(DateTimeOffset now, TimeSpan settleWindow) => MissingSince + settleWindow <= now;

    /// <summary>The entry, given up.</summary>
    public ProtectedResource Fail(string reason) => this with { State = ResourceState.Failed, Reason = reason };

    /// <summary>
    /// What makes an inventory the one that was discovered. It neither turns an entry back nor drops one whose capture has begun: a slow
    /// repetition of the discovery may come at any time.
    /// </summary>
    /// <param name="entries">The inventory as it stands.</param>
    /// <param name="discovered">The resources that there are.</param>
    /// <returns>The entries to add, and those to drop.</returns>
    public static (IReadOnlyList<ProtectedResource> Added, IReadOnlyList<ProtectedResource> Dropped) Reconcile(
        IReadOnlyCollection<ProtectedResource> entries, IReadOnlyCollection<DiscoveredResource> discovered)
    {
        var present = entries.Select(entry => entry.ResourceId).ToHashSet(StringComparer.Ordinal);
        var wanted = discovered.DistinctBy(resource => resource.ResourceId, StringComparer.Ordinal).ToDictionary(resource => resource.ResourceId, StringComparer.Ordinal);
        return (
            [.. wanted.Values.Where(resource => !present.Contains(resource.ResourceId))
                .Select(Of)],
            [.. entries.Where(entry => entry.State == ResourceState.Pending && !wanted.ContainsKey(entry.ResourceId))]);
    }

    private static ProtectedResource Of(DiscoveredResource resource) => new()
    {
        ResourceId = resource.ResourceId,
        Type = resource.Type,
        GroupId = resource.GroupId,
        SizeGiB = resource.SizeGiB,
        State = resource.Failure is null ? ResourceState.Pending : ResourceState.Failed,
        Reason = resource.Failure,
    };
}
