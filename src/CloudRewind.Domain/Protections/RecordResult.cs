namespace CloudRewind.Domain.Protections;

/// <summary>What came of recording a transition.</summary>
public enum RecordResult
{
    /// <summary>It is on record now, and the protection's status is its target.</summary>
    Recorded,

    /// <summary>It was on record already, with the same content but for its time: a repetition, which changes nothing.</summary>
    AlreadyRecorded,

    /// <summary>Refused: that sequence number is on record with other content, would leave a gap, or starts from another state than the current one.</summary>
    Conflict,

    /// <summary>Refused: it is not <see cref="ProtectionTransition.IsLegal"/>.</summary>
    Illegal,

    /// <summary>Refused: its run was asked to end, and goes no further.</summary>
    Cancelled,

    /// <summary>Refused: there is no such protection.</summary>
    NoSuchProtection,
}
