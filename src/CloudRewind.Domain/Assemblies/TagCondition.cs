namespace CloudRewind.Domain.Assemblies;

/// <summary>Which of the required tags a resource must have.</summary>
public enum TagCondition
{
    /// <summary>Every one.</summary>
    MatchAllTags,

    /// <summary>At least one.</summary>
    MatchAnyTags,
}
