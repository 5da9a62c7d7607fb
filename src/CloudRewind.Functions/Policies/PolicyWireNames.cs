using CloudRewind.Domain.Policies;

namespace CloudRewind.Functions.Policies;

/// <summary>The names of statuses and reasons on the wire.</summary>
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
        MissedReason.TimeZoneUnknown => "time-zone-unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "It has no name on the wire."),
    };

    public static string Of(RunBlock block) => block switch
    {
        RunBlock.AssemblyDeleted => "assembly-deleted",
        RunBlock.TimeZoneUnknown => "time-zone-unknown",
        RunBlock.AssemblyDisabled => "assembly-disabled",
        RunBlock.PolicyDisabled => "policy-disabled",
        RunBlock.PolicyPaused => "policy-paused",
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "It has no name on the wire."),
    };
}
