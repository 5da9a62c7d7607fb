using System.Xml;
using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Assemblies;

/// <summary>What a person decides about an assembly; the rest of <see cref="CloudAssembly"/> the store keeps.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="SourceRegion">The AWS region that its resources are in.</param>
/// <param name="Connection">How to reach its AWS account.</param>
/// <param name="Filter">Which resources belong to it.</param>
/// <param name="Retention">How long its protections are kept; null: the system's default.</param>
/// <param name="Status">Whether it may be protected.</param>
public sealed record AssemblyDefinition(
    string Name,
    string? Description,
    string SourceRegion,
    CloudConnection Connection,
    ResourceFilter Filter,
    TimeSpan? Retention,
    AssemblyStatus Status)
{
    /// <summary>Its fields, as the record of changes shows them.</summary>
    public IReadOnlyList<Field> Fields =>
    [
        new("name", Name),
        new("description", Description),
        new("sourceRegion", SourceRegion),
        new("cloudConnection.roleArn", Connection.RoleArn),
        new("cloudConnection.externalId", Connection.ExternalId, isSecret: true),
        .. Filter.Fields,
        new("retention", Retention is { } retention ? XmlConvert.ToString(retention) : null),
        new("status", Status.ToWireName()),
    ];
}
