using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Assemblies;

/// <summary>Which resources belong to an assembly.</summary>
public abstract record ResourceFilter
{
    private const string Strategy = "resourceFilterStrategy";

    private ResourceFilter(FilterType type) => Type = type;

    /// <summary>Its kind.</summary>
    public FilterType Type { get; }

    /// <summary>Its fields, as the record of changes shows them.</summary>
    public IReadOnlyList<Field> Fields =>
    [
        new($"{Strategy}.filterType", Type.ToWireName()),
        .. this switch
        {
            Manual manual => [new Field($"{Strategy}.resources", manual.Resources)],
            Vpc vpc => [new Field($"{Strategy}.vpcId", vpc.VpcId)],
            Tags tags =>
            [
                new Field($"{Strategy}.tags", [.. tags.Required.Select(tag => $"{tag.Key}={tag.Value}")]),
                new Field($"{Strategy}.conditions", tags.Condition.ToWireName()),
            ],
            _ => Array.Empty<Field>(),
        },
    ];

    /// <summary>The resources that are listed by hand.</summary>
    /// <param name="Resources">Resource ids, each once; an empty list means that there is nothing to protect.</param>
    public sealed record Manual(IReadOnlyList<string> Resources) : ResourceFilter(FilterType.Manual);

    /// <summary>The resources of one VPC.</summary>
    /// <param name="VpcId">The VPC's id.</param>
    public sealed record Vpc(string VpcId) : ResourceFilter(FilterType.Vpc);

    /// <summary>The resources that carry certain tags.</summary>
    /// <param name="Required">At least one tag.</param>
    /// <param name="MatchAll">True: every tag must be there; false: any of them is enough.</param>
    public sealed record Tags(IReadOnlyList<ResourceTag> Required, bool MatchAll) : ResourceFilter(FilterType.Tags)
    {
        /// <summary>Which of the tags a resource must have.</summary>
        public TagCondition Condition => MatchAll ? TagCondition.MatchAllTags : TagCondition.MatchAnyTags;
    }
}
