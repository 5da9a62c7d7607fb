namespace CloudRewind.Chaos;

/// <summary>What clients asked for.</summary>
public enum Asked
{
    CreatesAccepted,
    StatusAnswers,
    OverdueLookups,
    Prunes,
    Cancels,
    Locks,
    Unlocks,
    Deletions,
    AssemblyChanges,
}
