namespace CloudRewind.Domain.Driving;

/// <summary>What kind of work an orchestration does.</summary>
public enum WorkKind
{
    /// <summary>A protection, from its creation to its removal.</summary>
    Lifecycle,

    /// <summary>The deletion of a cloud assembly.</summary>
    Deletion,
}
