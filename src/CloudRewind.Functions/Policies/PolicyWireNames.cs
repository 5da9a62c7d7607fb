using CloudRewind.Domain.Policies;

namespace CloudRewind.Functions.Policies;

/// <summary>The names of statuses, changes and reasons on the wire.</summary>
internal static class PolicyWireNames
{
    public const string Enabled = "enabled";
    public const string Disabled = "disabled";
    public const string Paused = "paused";

    public static string Of(PolicyStatus status) => status switch
    {
        PolicyStatus.Enabled => Enabled,
        PolicyStatus.Disabled => Disabled,
        PolicyStatus.Paused => Paused,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "It has no name on the wire."),
    };

    public static string Of(MissedReason reason) => reason switch
    {
        MissedReason.Down => "down",
        MissedReason.ProtectionRunning => "protection-running",
        MissedReason.AssemblyDisabled => "assembly-disabled",
        MissedReason.PolicyPaused => "policy-paused",
        MissedReason.PolicyChanged => "policy-changed",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "It has no name on the wire."),
    };

    public static string Of(PolicyChangeKind kind) => kind switch
    {
        PolicyChangeKind.Created => "created",
        PolicyChangeKind.Replaced => "replaced",
        PolicyChangeKind.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It has no name on the wire."),
    };
}
