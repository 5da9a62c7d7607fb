using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Protections;
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
    DateTime UpdatedAt,
    AssemblyResponse.Copy? LastProtection,
    AssemblyResponse.Copy? LastGoodProtection,
    AssemblyResponse.Copy? LastFullProtection,
    IReadOnlyList<ChangeResponse>? Changes)
{
    /// <summary>The entity tag of what is shown: its version, and what its protections come to, which changes without it.</summary>
    public static string TagOf(CloudAssembly assembly, Protection? last, Protection? newestGood) =>
        Preconditions.TagOf(assembly.Version, last is null ? null : $"{last.Id} {last.Sequence} {newestGood?.Id}");

    /// <summary>The response.</summary>
    public static IResult Of(CloudAssembly assembly, (Protection? Last, Protection? NewestGood) history, HttpResponse response, int statusCode, IReadOnlyList<Change>? changes = null)
    {
        response.Headers.ETag = TagOf(assembly, history.Last, history.NewestGood);
        response.Headers.LastModified = assembly.UpdatedAt.ToString("R");
        response.Headers.CacheControl = "private, no-cache";
        return Json.Answer(From(assembly, history.Last, history.NewestGood, changes), statusCode);
    }

    /// <summary>The body.</summary>
    public static AssemblyResponse From(CloudAssembly assembly, Protection? last, Protection? newestGood, IReadOnlyList<Change>? changes = null)
    {
        var definition = assembly.Definition;
        return new AssemblyResponse(
            assembly.Key.CloudAssemblyId,
            definition.Name,
            definition.Description,
            definition.SourceRegion,
            new Connection(definition.Connection.RoleArn, definition.Connection.ExternalId is not null),
            Filter.From(definition.Filter),
            definition.Retention is { } retention ? IsoDuration.Format(retention) : null,
            definition.Status.ToWireName(),
            assembly.CreatedAt.UtcDateTime,
            assembly.UpdatedAt.UtcDateTime,
            Copy.Of(last),
            Copy.Of(newestGood),
            newestGood is { Outcome: ProtectionStatus.Success } ? Copy.Of(newestGood) : null,
            ChangeResponse.Of(changes));
    }

    internal sealed record Copy(string Id, string Status, string? Outcome, DateTime CreatedAt, ResourceTotals Resources)
    {
        public static Copy? Of(Protection? protection) => protection is null ? null : new(
            protection.Id.ToString(),
            protection.Status.ToWireName(),
            protection.Outcome?.ToWireName(),
            protection.CreatedAt.UtcDateTime,
            ResourceTotals.Of(protection.Counts));
    }

    internal sealed record Connection(string RoleArn, bool HasExternalId);

    internal sealed record Tag(string Key, string Value);

    internal sealed record Filter(string FilterType, IReadOnlyList<string>? Resources, string? VpcId, IReadOnlyList<Tag>? Tags, string? Conditions)
    {
        public static Filter From(ResourceFilter filter) => new(
            filter.Type.ToWireName(),
            (filter as ResourceFilter.Manual)?.Resources,
            (filter as ResourceFilter.Vpc)?.VpcId,
            (filter as ResourceFilter.Tags)?.Required.Select(tag => new Tag(tag.Key, tag.Value)).ToList(),
            (filter as ResourceFilter.Tags)?.Condition.ToWireName());
    }
}
