namespace Microsoft.DurableTask.Client;

/// <summary>Where an orchestration stands. The numbers are those of the public API, which has more.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>It is at work, or waits.</summary>
    Running = 0,

    /// <summary>It has returned.</summary>
    Completed = 1,

    /// <summary>An exception left it.</summary>
    Failed = 3,

    /// <summary>It was ended from outside.</summary>
    Terminated = 5,

    /// <summary>It has not begun.</summary>
    Pending = 6,
}
