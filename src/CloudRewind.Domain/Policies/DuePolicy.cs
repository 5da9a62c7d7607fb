namespace CloudRewind.Domain.Policies;

/// <summary>A policy that has to be looked at.</summary>
/// <param name="Key">The policy. It may not exist: its row is written before it is.</param>
/// <param name="DueAt">From when on, in UTC.</param>
/// <param name="Version">The store's mark of this row as it was read.</param>
public sealed record DuePolicy(PolicyKey Key, DateTimeOffset DueAt, string Version);
