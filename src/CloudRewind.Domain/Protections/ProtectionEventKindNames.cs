namespace CloudRewind.Domain.Protections;

/// <summary>The spelling of each <see cref="ProtectionEventKind"/> in the API and in the log.</summary>
public static class ProtectionEventKindNames
{
    /// <summary>The kind's spelling on the wire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined kind.</exception>
    public static string ToWireName(this ProtectionEventKind kind) => kind switch
    {
        ProtectionEventKind.CancelRequested => "cancel-requested",
        ProtectionEventKind.PruneRequested => "prune-requested",
        ProtectionEventKind.Kept => "kept",
        ProtectionEventKind.Locked => "locked",
        ProtectionEventKind.Unlocked => "unlocked",
        ProtectionEventKind.OrchestrationReplaced => "orchestration-replaced",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It has no name on the wire."),
    };
}
