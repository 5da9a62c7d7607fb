namespace CloudRewind.Domain.Policies;

/// <summary>Why there is no protection of a due time.</summary>
public enum MissedReason
{
    /// <summary>Nothing looked at the schedule in time: the app, or its storage, was down.</summary>
    Down,

    /// <summary>Another protection of the assembly was running all the time.</summary>
    ProtectionRunning,

    /// <summary>The assembly was disabled.</summary>
    AssemblyDisabled,

    /// <summary>The policy was paused.</summary>
    PolicyPaused,

    /// <summary>The policy's definition was changed before the protection could start.</summary>
    PolicyChanged,

    /// <summary>The tz database of this version did not have the policy's time zone.</summary>
    TimeZoneUnknown,
}
