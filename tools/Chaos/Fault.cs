namespace CloudRewind.Chaos;

/// <summary>What was done to the app.</summary>
public enum Fault
{
    Kills,
    Freezes,
    LongFreezes,
    StorageFaults,
    ProviderFaults,
    BlobOutages,
    QueueOutages,
    TableOutages,
    OutagesOfAllStorage,
    SilentOutages,
    ControlMessagesLost,
    WorkItemsLost,
    InstancesLost,
    HistoriesLost,
    UnreadableRows,
    ClockJumps,
    AuthorityHangs,
    KeyRotations,
    HostsThatEnded,
}
