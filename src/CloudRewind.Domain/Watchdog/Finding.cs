namespace CloudRewind.Domain.Watchdog;

/// <summary>What a look at an orchestration that has not ended finds.</summary>
public enum Finding
{
    /// <summary>Its next step is not overdue.</summary>
    Alive,

    /// <summary>Its next step is overdue, and was not at an earlier look.</summary>
    Overdue,

    /// <summary>Its next step was overdue at an earlier look, and there is time left to make it.</summary>
    StillOverdue,

    /// <summary>It has not made its next step in that time: the engine has lost it.</summary>
    Lost,
}
