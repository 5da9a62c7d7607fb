namespace CloudRewind.Domain.Watchdog;

/// <summary>What the watchdog does with an item of the work list.</summary>
public enum WatchAction
{
    /// <summary>It removes the item: no step is due, or ever will be, unless the work is listed again.</summary>
    Complete,

    /// <summary>It looks again later.</summary>
    Wait,

    /// <summary>It asks the engine for the orchestration, and decides again.</summary>
    AskEngine,

    /// <summary>It starts the orchestration: there is none.</summary>
    Start,

    /// <summary>It wakes the orchestration: its next step is overdue, and was not at an earlier look.</summary>
    Wake,

    /// <summary>It replaces the orchestration: the engine has lost it.</summary>
    Replace,

    /// <summary>It ends the run: its time limit is over.</summary>
    EndRun,
}
