namespace CloudRewind.Chaos;

/// <summary>The kind of fault that a round surely has; it may have any of the others too.</summary>
internal enum Theme
{
    Outage,
    LostMessages,
    LostInstances,
    UnreadableRows,
    ClockJump,
}
