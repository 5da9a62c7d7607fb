namespace CloudRewind.Domain.Policies;

/// <summary>Whether a policy makes protections.</summary>
public enum PolicyStatus
{
    /// <summary>It makes one at each due time.</summary>
    Enabled,

    /// <summary>It has no due times.</summary>
    Disabled,

    /// <summary>It makes none, and each due time is recorded as missed.</summary>
    Paused,
}
