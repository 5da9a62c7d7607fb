namespace CloudRewind.Benchmarks.Support;

/// <summary>The statuses that the measurements tell apart.</summary>
internal static class Outcomes
{
    public const string Success = "success";

    private static readonly string[] Running = ["created", "preparing", "preparation-completed", "in-progress"];

    /// <summary>Whether a protection is before its outcome.</summary>
    public static bool IsRunning(Answer status) => Running.Contains(status.ProtectionStatus);
}
