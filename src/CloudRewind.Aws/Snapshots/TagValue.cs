using CloudRewind.Domain;

namespace CloudRewind.Aws.Snapshots;

/// <summary>Text as the value of a tag: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions.</summary>
internal static class TagValue
{
    private const int MaxLength = 256;
    private const int DigestLength = 32;

    /// <summary>The text where it may be a value; else what may be kept of it, and a digest, so that no two texts share a value.</summary>
    public static string Of(string text)
    {
        if (text.Length <= MaxLength && text.All(IsAllowed) && text.Trim() == text)
            return text;
        var kept = string.Concat(text.Select(character => IsAllowed(character) ? character : '_'));
        return $"{kept[..Math.Min(kept.Length, MaxLength - DigestLength - 1)].TrimStart()}-{Digest.Sha256Hex(text)[..DigestLength]}";
    }

    private static bool IsAllowed(char character) => char.IsAsciiLetterOrDigit(character) || " +-=._:/@".Contains(character, StringComparison.Ordinal);
}
