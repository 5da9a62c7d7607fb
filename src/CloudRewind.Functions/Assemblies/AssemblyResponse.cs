using CloudRewind.Domain.Assemblies;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Assemblies;

/// <summary>An assembly as the API shows it.</summary>
internal sealed record AssemblyResponse(
    long Id,
    string Name,
    string? Description,
    string SourceRegion,
    AssemblyResponse.Connection CloudConnection,
    AssemblyResponse.Filter ResourceFilterStrategy,
    string? Retention,
    string Status,
    DateTime CreatedAt,
    DateTime UpdatedAt)
{
    /// <summary>The response, with the version as its entity tag.</summary>
    public static IResult Of(CloudAssembly assembly, HttpResponse response, int statusCode)
    {
        response.Headers.ETag = Preconditions.TagOf(assembly.Version);
        response.Headers.LastModified = assembly.UpdatedAt.ToString("R");
        response.Headers.CacheControl = "private, no-cache";
        return Json.Answer(From(assembly), statusCode);
    }

    /// <summary>The body.</summary>
    public static AssemblyResponse From(CloudAssembly assembly)
    {
        var definition = assembly.Definition;
        return new AssemblyResponse(
            assembly.Key.CloudAssemblyId,
            definition.Name,
            definition.Description,
            definition.SourceRegion,
            new Connection(definition.Connection.RoleArn, definition.Connection.ExternalId),
            Filter.From(definition.Filter),
            definition.Retention is { } retention ? IsoDuration.Format(retention) : null,
            AssemblyWireNames.Of(definition.Status),
            assembly.CreatedAt.UtcDateTime,
            assembly.UpdatedAt.UtcDateTime);
    }

    internal sealed record Connection(string RoleArn, string? ExternalId);

    internal sealed record Tag(string Key, string Value);

    internal sealed record Filter(string FilterType, IReadOnlyList<string>? Resources, string? VpcId, IReadOnlyList<Tag>? Tags, string? Conditions)
    {
        public static Filter From(ResourceFilter filter) => filter switch
        {
            ResourceFilter.Manual manual => new(AssemblyWireNames.Manual, manual.Resources, null, null, null),
            ResourceFilter.Vpc vpc => new(AssemblyWireNames.Vpc, null, vpc.VpcId, null, null),
            ResourceFilter.Tags tags => new(
                AssemblyWireNames.Tags,
                null,
                null,
                [.. tags.Required.Select(tag => new Tag(tag.Key, tag.Value))],
                tags.MatchAll ? AssemblyWireNames.MatchAll : AssemblyWireNames.MatchAny),
            _ => throw new ArgumentException($"{filter.GetType().Name} has no name on the wire.", nameof(filter)),
        };
    }
}
