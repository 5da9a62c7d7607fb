namespace CloudRewind.Domain.Protections;

/// <summary>What came of asking something of a protection.</summary>
public enum ActResult
{
    /// <summary>It stands from now on.</summary>
    Done,

    /// <summary>It stood already.</summary>
    AlreadyDone,

    /// <summary>Refused: it is before its outcome.</summary>
    Running,

    /// <summary>Refused: it has its outcome.</summary>
    Ended,

    /// <summary>Refused: it is locked.</summary>
    Locked,

    /// <summary>Refused: its removal is decided, or done.</summary>
    Pruned,

    /// <summary>Refused: its assembly is being deleted.</summary>
    AssemblyClosed,

    /// <summary>Not done: its retention has not ended.</summary>
    NotDue,

    /// <summary>Not done: it is the newest good copy, which no rule removes.</summary>
    NewestGood,
}
