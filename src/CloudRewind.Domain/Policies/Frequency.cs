namespace CloudRewind.Domain.Policies;

/// <summary>How often a policy's protections are due.</summary>
public enum Frequency
{
    /// <summary>Every quarter of an hour.</summary>
    FifteenMinutes,

    /// <summary>Every half hour.</summary>
    ThirtyMinutes,

    /// <summary>Every hour.</summary>
    Hourly,

    /// <summary>At 00:00, 02:00, and so on.</summary>
    TwoHours,

    /// <summary>At 00:00, 03:00, and so on.</summary>
    ThreeHours,

    /// <summary>At 00:00, 04:00, and so on.</summary>
    FourHours,

    /// <summary>At 00:00, 06:00, 12:00 and 18:00.</summary>
    SixHours,

    /// <summary>At 00:00, 08:00 and 16:00.</summary>
    EightHours,

    /// <summary>At 00:00 and 12:00.</summary>
    TwelveHours,

    /// <summary>At certain hours of each day.</summary>
    Daily,

    /// <summary>At certain hours of certain days of the week.</summary>
    Weekly,

    /// <summary>At certain hours of certain days of the month.</summary>
    Monthly,

    /// <summary>At certain hours of certain days of certain months.</summary>
    Yearly,
}
