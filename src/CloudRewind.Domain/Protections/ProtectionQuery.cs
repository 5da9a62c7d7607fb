using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Protections;

/// <summary>Which protections to list.</summary>
/// <param name="Assembly">The assembly they protect.</param>
/// <param name="FromMilliseconds">The earliest creation, inclusive, in milliseconds since 1970 UTC.</param>
/// <param name="ToMilliseconds">The latest creation, inclusive, in milliseconds since 1970 UTC.</param>
/// <param name="Skip">How many of the first to leave out, from 0.</param>
/// <param name="Take">How many to give at most, from 1.</param>
/// <param name="Statuses">The states to list; null: all.</param>
/// <param name="OldestFirst">Whether the oldest come first: then all that match are read, whatever is taken.</param>
public sealed record ProtectionQuery(
    AssemblyKey Assembly,
    long FromMilliseconds,
    long ToMilliseconds,
    int Skip,
    int Take,
    IReadOnlyCollection<ProtectionStatus>? Statuses = null,
    bool OldestFirst = false);
