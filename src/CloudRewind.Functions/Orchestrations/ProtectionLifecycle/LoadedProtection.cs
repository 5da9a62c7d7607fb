using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>What an orchestration starts from. It reads neither row nor settings itself, since a replay must find them unchanged.</summary>
/// <param name="Protection">The protection as it stands.</param>
/// <param name="Polling">How often to look again.</param>
public sealed record LoadedProtection(Protection Protection, PollingOptions Polling);
