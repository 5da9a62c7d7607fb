namespace CloudRewind.Domain.Policies;

/// <summary>The rules of each <see cref="Frequency"/>.</summary>
public static class Frequencies
{
    private const int MinutesPerHour = 60;
    private const int MinutesPerDay = 24 * MinutesPerHour;

    /// <summary>How many minutes of the day lie between two due times; null where the hours are named.</summary>
    public static int? StepMinutes(this Frequency frequency) => frequency switch
    {
        Frequency.FifteenMinutes => 15,
        Frequency.ThirtyMinutes => 30,
        Frequency.Hourly => MinutesPerHour,
        Frequency.TwoHours => 2 * MinutesPerHour,
        Frequency.ThreeHours => 3 * MinutesPerHour,
        Frequency.FourHours => 4 * MinutesPerHour,
        Frequency.SixHours => 6 * MinutesPerHour,
        Frequency.EightHours => 8 * MinutesPerHour,
        Frequency.TwelveHours => 12 * MinutesPerHour,
        _ => null,
    };

    /// <summary>Whether it steps through time itself and names no time of day, so that a change of the clocks neither skips nor repeats anything.</summary>
    public static bool StepsThroughTime(this Frequency frequency) => frequency.StepMinutes() <= MinutesPerHour;

    /// <summary>The longest delay that makes sense, in minutes: the next due time comes after that.</summary>
    public static int MaxOffsetMinutes(this Frequency frequency) => (frequency.StepMinutes() ?? MinutesPerDay) - 1;

    /// <summary>Whether it needs hours of the day.</summary>
    public static bool NeedsHours(this Frequency frequency) => frequency >= Frequency.Daily;

    /// <summary>Whether it needs days of the week.</summary>
    public static bool NeedsDaysOfWeek(this Frequency frequency) => frequency == Frequency.Weekly;

    /// <summary>Whether it needs days of the month.</summary>
    public static bool NeedsDaysOfMonth(this Frequency frequency) => frequency is Frequency.Monthly or Frequency.Yearly;

    /// <summary>Whether it needs months.</summary>
    public static bool NeedsMonths(this Frequency frequency) => frequency == Frequency.Yearly;
}
