using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Watchdog;

/// <summary>A protection of which a step is to be expected, as the watchdog sees it.</summary>
/// <param name="Id">The protection. It may not exist: its row is written before the protection is.</param>
/// <param name="WrittenAt">When the row was written, in UTC.</param>
/// <param name="Version">The store's mark of this row as it was read.</param>
public sealed record UnfinishedProtection(ProtectionId Id, DateTimeOffset WrittenAt, string Version);
