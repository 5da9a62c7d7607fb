using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Watchdog;

/// <summary>A protection that has not come to its last state, as the watchdog sees it.</summary>
/// <param name="Id">The protection. It may not exist: its row is written before the protection is.</param>
/// <param name="WrittenAt">When the row was written, in UTC.</param>
public sealed record UnfinishedProtection(ProtectionId Id, DateTimeOffset WrittenAt);
