namespace CloudRewind.Functions.Telemetry;

/// <summary>
/// The category of the log lines that only say that a timer runs. Alerts notice where they are missing; host.json keeps them off the host's console.
/// </summary>
public sealed class Heartbeat;
