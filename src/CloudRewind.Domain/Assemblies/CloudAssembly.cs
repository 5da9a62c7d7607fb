namespace CloudRewind.Domain.Assemblies;

/// <summary>A named set of AWS resources that are protected and recovered together.</summary>
/// <param name="Key">Its account, project and id.</param>
/// <param name="Definition">What a person decided about it.</param>
/// <param name="CreatedAt">When it was first put, in UTC.</param>
/// <param name="UpdatedAt">When it was last put, in UTC.</param>
/// <param name="Version">1 for the first version, then one more with each put.</param>
public sealed record CloudAssembly(
    AssemblyKey Key,
    AssemblyDefinition Definition,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version);
