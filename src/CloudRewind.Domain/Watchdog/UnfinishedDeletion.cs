using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Watchdog;

/// <summary>An assembly that is being deleted, as the watchdog sees it.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="RequestedAt">When its deletion was first asked for, in UTC.</param>
/// <param name="Generation">How many orchestrations of it the watchdog has replaced: the one of this number drives it.</param>
/// <param name="OverdueAt">When a look last found that one overdue that was not before, or made it replace another, in UTC; null where none has.</param>
public sealed record UnfinishedDeletion(AssemblyKey Assembly, DateTimeOffset RequestedAt, int Generation = 0, DateTimeOffset? OverdueAt = null);
