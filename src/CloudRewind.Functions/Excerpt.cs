namespace CloudRewind.Functions;

/// <summary>Cuts text that came from outside, so that what quotes it stays short.</summary>
internal static class Excerpt
{
    private const int Length = 200;

    /// <summary>The text itself, or its first <paramref name="max"/> characters and an ellipsis; never half of a surrogate pair.</summary>
    public static string Of(string text, int max = Length) =>
        text.Length <= max ? text : $"{text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)]}...";
}
