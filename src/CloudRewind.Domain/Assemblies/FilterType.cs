namespace CloudRewind.Domain.Assemblies;

/// <summary>The kinds of <see cref="ResourceFilter"/>.</summary>
public enum FilterType
{
    /// <summary><see cref="ResourceFilter.Manual"/>.</summary>
    Manual,

    /// <summary><see cref="ResourceFilter.Vpc"/>.</summary>
    Vpc,

    /// <summary><see cref="ResourceFilter.Tags"/>.</summary>
    Tags,
}
