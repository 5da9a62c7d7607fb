namespace CloudRewind.Chaos;

/// <summary>What was judged.</summary>
public enum Judged
{
    Rounds,
    Protections,
    Outcomes,
    Elapsed,
    Snapshots,
    RecordedSnapshots,
    CopiesOfMovedAssemblies,
    ReplacedOrchestrations,
    DueTimes,
    RemovalsByARule,
    CopiesKeptPastTheirEnd,
    DeletedAssemblies,
    WorkListRows,
    WithdrawnKeys,
}
