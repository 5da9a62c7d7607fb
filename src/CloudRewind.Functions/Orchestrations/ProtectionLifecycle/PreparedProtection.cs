using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Settings;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What an orchestration goes on from. It reads neither row nor settings itself, since a replay must find them unchanged.</summary>
/// <param name="Protection">The protection as it stands.</param>
/// <param name="Polling">How often to look again.</param>
/// <param name="Obstacle">What kept it from being prepared, and may pass; null where nothing did.</param>
/// <param name="RetryAfter">Where the provider has said when to ask again: how long to wait at least. Null where it only did not answer.</param>
public sealed record PreparedProtection(Protection Protection, PollingOptions Polling, string? Obstacle = null, TimeSpan? RetryAfter = null);
