namespace CloudRewind.Domain.Policies;

/// <summary>What a person did with a policy.</summary>
public enum PolicyChangeKind
{
    /// <summary>It was created.</summary>
    Created,

    /// <summary>Its definition was replaced.</summary>
    Replaced,

    /// <summary>It was deleted.</summary>
    Deleted,
}
