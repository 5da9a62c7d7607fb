namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>
/// What a host cannot pass on to its worker the app never sees, and cannot answer. Of a host that something else started nothing is expected then but that it does
/// not hang, and does not do what it was asked. The local host does better, and its tests say what.
/// </summary>
internal static class PlatformAssert
{
    /// <summary>Why a test leaves such a request out.</summary>
    public const string Reason = "Not every host passes such a request on to the app, and CLOUDREWIND_BASE_URL names one that something else started.";

    /// <summary>It is a refusal, or a closed connection.</summary>
    public static void IsThePlatforms(this Answer? answer) => Assert.True(answer is null or { Status: >= 400 }, $"A refusal was expected: {answer}");
}
