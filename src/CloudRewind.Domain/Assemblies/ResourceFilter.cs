using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Assemblies;

/// <summary>Which resources belong to an assembly.</summary>
public abstract record ResourceFilter
{
    private const string Strategy = "resourceFilterStrategy";

    private ResourceFilter() { }

    /// <summary>Its fields, as the record of changes shows them.</summary>
    public IReadOnlyList<Field> Fields => this switch
    {
        Manual manual => [new($"{Strategy}.filterType", "manual"), new($"{Strategy}.resources", manual.Resources)],
        Vpc vpc => [new($"{Strategy}.filterType", "vpc"), new($"{Strategy}.vpcId", vpc.VpcId)],
        Tags tags =>
        [
            new($"{Strategy}.filterType", "tags"),
            new($"{Strategy}.tags", [.. tags.Required.Select(tag => $"{tag.Key}={tag.Value}")]),
            new($"{Strategy}.conditions", tags.MatchAll ? "match-all-tags" : "match-any-tags"),
        ],
        _ => throw new InvalidOperationException($"{GetType().Name} has no fields."),
    };

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
