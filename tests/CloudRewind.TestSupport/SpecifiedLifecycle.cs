namespace CloudRewind.TestSupport;

/// <summary>The lifecycle as it is specified. It is not the app's own table: what judges the app must not be the app's.</summary>
public static class SpecifiedLifecycle
{
    /// <summary>The states that may follow each; "" is the state before the first.</summary>
    public static IReadOnlyDictionary<string, string[]> Next { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [""] = ["created"],
        ["created"] = ["preparing", "failed"],
        ["preparing"] = ["preparation-completed", "skipped", "failed"],
        ["preparation-completed"] = ["in-progress", "failed"],
        ["in-progress"] = ["success", "partially-protected", "failed"],
        ["success"] = ["elapsed", "pruning-failed"],
        ["partially-protected"] = ["elapsed", "pruning-failed"],
        ["skipped"] = ["elapsed", "pruning-failed"],
        ["failed"] = ["elapsed", "pruning-failed"],
        ["pruning-failed"] = ["elapsed"],
        ["elapsed"] = [],
    };
}
