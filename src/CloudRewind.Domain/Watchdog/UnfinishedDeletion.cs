using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Watchdog;

/// <summary>A deletion that has not come to its end, as the watchdog sees it.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="RequestedAt">When its deletion was first asked for, in UTC.</param>
public sealed record UnfinishedDeletion(AssemblyKey Assembly, DateTimeOffset RequestedAt);
