namespace CloudRewind.Domain.Capture;

/// <summary>A snapshot as it stands.</summary>
/// <param name="Id">Its id at AWS.</param>
/// <param name="ResourceId">The resource that it is of.</param>
/// <param name="SetId">The same for all that one call has started, and for no others: they show the same moment.</param>
/// <param name="State">How it stands.</param>
/// <param name="Percent">How much of it is done, from 0 to 100.</param>
/// <param name="StartedAt">The moment that it shows, in UTC.</param>
/// <param name="Failure">AWS's own message where it failed; null where it gave none.</param>
public sealed record Snapshot(string Id, string ResourceId, string SetId, SnapshotState State, int Percent, DateTimeOffset StartedAt, string? Failure = null);
