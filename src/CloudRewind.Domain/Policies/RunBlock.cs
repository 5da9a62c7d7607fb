namespace CloudRewind.Domain.Policies;

/// <summary>Why a policy starts no protections, although it may have due times.</summary>
public enum RunBlock
{
    /// <summary>Its assembly is deleted, or is being deleted.</summary>
    AssemblyDeleted,

    /// <summary>The tz database of this version does not have its time zone.</summary>
    TimeZoneUnknown,

    /// <summary>Its assembly is disabled.</summary>
    AssemblyDisabled,

    /// <summary>It is disabled.</summary>
    PolicyDisabled,

    /// <summary>It is paused.</summary>
    PolicyPaused,
}
