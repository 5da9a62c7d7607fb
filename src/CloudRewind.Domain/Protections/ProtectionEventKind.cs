namespace CloudRewind.Domain.Protections;

/// <summary>What can happen to a protection besides its transitions.</summary>
public enum ProtectionEventKind
{
    /// <summary>Its run was asked to end.</summary>
    CancelRequested,

    /// <summary>Its removal was decided, by a person or by a rule.</summary>
    PruneRequested,

    /// <summary>A rule would have removed it, and it was kept.</summary>
    Kept,

    /// <summary>It was locked.</summary>
    Locked,

    /// <summary>It was unlocked.</summary>
    Unlocked,

    /// <summary>The engine had lost the orchestration that drove it, and another has taken over.</summary>
    OrchestrationReplaced,
}
