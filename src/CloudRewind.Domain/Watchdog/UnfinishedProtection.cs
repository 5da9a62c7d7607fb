using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Watchdog;

/// <summary>A protection of which a step is expected, as the watchdog sees it.</summary>
/// <param name="Id">The protection. It may not exist: its row is written before the protection is.</param>
/// <param name="WrittenAt">When the protection was last added, in UTC: a step of it is expected since.</param>
/// <param name="OverdueAt">When a look last found its orchestration overdue that was not before, or replaced it, in UTC; null where none has.</param>
/// <param name="Version">The store's mark of this row as it was read.</param>
public sealed record UnfinishedProtection(ProtectionId Id, DateTimeOffset WrittenAt, DateTimeOffset? OverdueAt, string Version);
