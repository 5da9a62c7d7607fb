namespace CloudRewind.Domain.Changes;

/// <summary>What was done with a cloud assembly or a protection policy.</summary>
public enum ChangeKind
{
    /// <summary>It was created.</summary>
    Created,

    /// <summary>Its definition was replaced.</summary>
    Replaced,

    /// <summary>The deletion of the assembly was requested.</summary>
    DeletionRequested,

    /// <summary>The deletion of the assembly began.</summary>
    DeletionStarted,

    /// <summary>It was deleted.</summary>
    Deleted,

    /// <summary>What a clock that was ahead had decided about the policy's due times was corrected.</summary>
    ClockCorrected,
}
