using System.Globalization;
using System.Text.RegularExpressions;
using CloudRewind.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.Functions.Http;

/// <summary>Entity tags that are version numbers, and the conditions that clients make with them (RFC 9110, section 13).</summary>
internal static partial class Preconditions
{
    /// <summary>The entity tag of a version.</summary>
    public static string TagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The entity tag of a version, of which a part is shown that changes without it.</summary>
    /// <param name="version">The version, by which the client guards what it writes.</param>
    /// <param name="shown">The part; null where there is none.</param>
    public static string TagOf(int version, string? shown) =>
        shown is null ? TagOf(version) : string.Create(CultureInfo.InvariantCulture, $"\"{version}-{Digest.Sha256Hex(shown)[..16]}\"");

    /// <summary>Whether the client has this version already: <c>If-None-Match</c>.</summary>
    public static bool ClientHas(HttpRequest request, int version) => ClientHas(request, TagOf(version));

    /// <summary>Whether the client has what this entity tag stands for: <c>If-None-Match</c>.</summary>
    public static bool ClientHas(HttpRequest request, string tag)
    {
        var own = new EntityTagHeaderValue(tag);
        return request.GetTypedHeaders().IfNoneMatch?.Any(given => given.Equals(EntityTagHeaderValue.Any) || given.Compare(own, useStrongComparison: false)) ?? false;
    }

    /// <summary>Whether <c>If-Match</c> and <c>If-None-Match</c> allow to write over this version (null: there is nothing yet).</summary>
    public static bool AllowWrite(HttpRequest request, int? version)
    {
        var headers = request.GetTypedHeaders();
        var mustMatch = request.Headers.IfMatch.Count > 0;
        // A client that guards its write must not write over what it has not seen because its guard cannot be read.
        var isReadable = request.Headers.IfNoneMatch.Count == 0 || headers.IfNoneMatch.Count > 0;
        return isReadable
            && (!mustMatch || (version is { } current && Matches(headers.IfMatch, current, strong: true)))
            && (version is not { } there || !Matches(headers.IfNoneMatch, there, strong: false));
    }

    private static bool Matches(IEnumerable<EntityTagHeaderValue>? tags, int version, bool strong)
    {
        var own = new EntityTagHeaderValue(TagOf(version));
        return tags?.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || WithoutShown(tag).Compare(own, strong)) ?? false;
    }

    // What is written is guarded by its version alone.
    private static EntityTagHeaderValue WithoutShown(EntityTagHeaderValue tag) =>
        ShownPart().Match(tag.Tag.Value ?? "") is { Success: true } match ? new EntityTagHeaderValue($"\"{match.Groups[1].Value}\"", tag.IsWeak) : tag;

    [GeneratedRegex("^\"([0-9]+)-[0-9a-f]{16}\"$", RegexOptions.CultureInvariant)]
    private static partial Regex ShownPart();
}
