using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Watchdog;

/// <summary>An assembly that is being deleted, as the watchdog sees it.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="RequestedAt">When its deletion was first asked for, in UTC.</param>
public sealed record UnfinishedDeletion(AssemblyKey Assembly, DateTimeOffset RequestedAt);
