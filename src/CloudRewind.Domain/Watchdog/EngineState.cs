namespace CloudRewind.Domain.Watchdog;

/// <summary>Whether the engine has an orchestration, and how it stands.</summary>
public enum EngineState
{
    /// <summary>The engine has none.</summary>
    Missing,

    /// <summary>It has ended, in any way.</summary>
    Ended,

    /// <summary>An operator has suspended it.</summary>
    Suspended,

    /// <summary>It is waiting to run, or runs.</summary>
    Active,
}
