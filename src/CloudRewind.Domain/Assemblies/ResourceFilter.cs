namespace CloudRewind.Domain.Assemblies;

/// <summary>Which resources belong to an assembly.</summary>
public abstract record ResourceFilter
{
    private ResourceFilter() { }

    /// <summary>The resources that are listed by hand.</summary>
    /// <param name="Resources">Resource ids, each once; an empty list means that there is nothing to protect.</param>
    public sealed record Manual(IReadOnlyList<string> Resources) : ResourceFilter;

    /// <summary>The resources of one VPC.</summary>
    /// <param name="VpcId">The VPC's id.</param>
    public sealed record Vpc(string VpcId) : ResourceFilter;

    /// <summary>The resources that carry certain tags.</summary>
    /// <param name="Required">At least one tag.</param>
    /// <param name="MatchAll">True: every tag must be there; false: any of them is enough.</param>
    public sealed record Tags(IReadOnlyList<ResourceTag> Required, bool MatchAll) : ResourceFilter;
}
