namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Why something failed. The results of activities stay in an orchestration's history, which must not grow with what a provider has to say.</summary>
internal static class Reason
{
    private const int MaxLength = 300;

    /// <summary>The text, at most 300 characters of it.</summary>
    public static string? Cut(string? text) => text is { Length: > MaxLength } ? $"{text[..MaxLength]}..." : text;
}
