using CloudRewind.Domain;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Aws.Access;

/// <summary>The name of a session, by which CloudTrail shows which protection has made a call.</summary>
internal static class SessionName
{
    // Of AssumeRole's RoleSessionName: 2 to 64 characters of [\w+=,.@-].
    private const int MaxLength = 64;
    private const int DigestLength = 12;

    /// <summary>The id with <c>.</c> for its colons. One that does not fit is cut and ends in a digest, so that no two protections share a name.</summary>
    public static string Of(ProtectionId id)
    {
        var text = id.ToString();
        var name = string.Concat(text.Select(character => character == ':' ? '.' : IsAllowed(character) ? character : '-'));
        var isExact = name.Length <= MaxLength && !text.Contains('.', StringComparison.Ordinal) && text.All(character => character == ':' || IsAllowed(character));
        return isExact ? name : $"{name[..Math.Min(name.Length, MaxLength - DigestLength - 1)]}-{Digest.Sha256Hex(text)[..DigestLength]}";
    }

    private static bool IsAllowed(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '+' or '=' or ',' or '.' or '@' or '-';
}
