namespace CloudRewind.Domain.Retention;

/// <summary>What keeps a copy that would otherwise be released.</summary>
public enum KeptBy
{
    /// <summary>Its lock.</summary>
    Lock,

    /// <summary>It is the latest recovery point of its assembly, which no rule releases.</summary>
    LatestRecoveryPoint,
}
