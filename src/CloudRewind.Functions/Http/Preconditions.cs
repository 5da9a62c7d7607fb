using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.Functions.Http;

/// <summary>Entity tags that are version numbers, and the conditions that clients make with them (RFC 9110, section 13).</summary>
internal static class Preconditions
{
    /// <summary>The entity tag of a version.</summary>
    public static string TagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Whether the client has this version already: <c>If-None-Match</c>.</summary>
    public static bool ClientHas(HttpRequest request, int version) =>
        Matches(request.GetTypedHeaders().IfNoneMatch, version, strong: false);

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
        return tags?.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, strong)) ?? false;
    }
}
