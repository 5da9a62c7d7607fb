namespace CloudRewind.Domain;

/// <summary>Keeps reasons, which hold what others say, to a length that a person reads and every store takes.</summary>
public static class ReasonText
{
    /// <summary>The most characters (UTF-16) that a reason has.</summary>
    public const int MaxLength = 1_024;

    private const string Ellipsis = "...";

    /// <summary>The text, or its beginning and <c>...</c> where it is longer than <see cref="MaxLength"/>. No character is cut in two.</summary>
    public static string Cut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= MaxLength)
            return text;
        var end = MaxLength - Ellipsis.Length;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), Ellipsis);
    }
}
