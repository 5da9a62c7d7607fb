using System.Collections.Frozen;

namespace CloudRewind.Domain.Policies;

/// <summary>The spelling of each <see cref="Frequency"/> in the API and in storage, and what follows from it.</summary>
public static class Frequencies
{
    private const int MinutesPerHour = 60;
    private const int MinutesPerDay = 24 * MinutesPerHour;

    private static readonly FrozenDictionary<Frequency, (string Name, int? StepMinutes)> Table = new Dictionary<Frequency, (string, int?)>
    {
        [Frequency.FifteenMinutes] = ("fifteen-minutes", 15),
        [Frequency.ThirtyMinutes] = ("thirty-minutes", 30),
        [Frequency.Hourly] = ("hourly", MinutesPerHour),
        [Frequency.TwoHours] = ("two-hours", 2 * MinutesPerHour),
        [Frequency.ThreeHours] = ("three-hours", 3 * MinutesPerHour),
        [Frequency.FourHours] = ("four-hours", 4 * MinutesPerHour),
        [Frequency.SixHours] = ("six-hours", 6 * MinutesPerHour),
        [Frequency.EightHours] = ("eight-hours", 8 * MinutesPerHour),
        [Frequency.TwelveHours] = ("twelve-hours", 12 * MinutesPerHour),
        [Frequency.Daily] = ("daily", null),
        [Frequency.Weekly] = ("weekly", null),
        [Frequency.Monthly] = ("monthly", null),
        [Frequency.Yearly] = ("yearly", null),
    }.ToFrozenDictionary();

    /// <summary>Every spelling, from the shortest to the longest interval.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<Frequency>().Select(ToWireName)];

    /// <summary>The frequency's spelling on the wire.</summary>
    public static string ToWireName(this Frequency frequency) => Table[frequency].Name;

    /// <summary>The frequency that is spelled so.</summary>
    /// <exception cref="FormatException">None is.</exception>
    public static Frequency FromWireName(string name) =>
        TryParse(name) ?? throw new FormatException($"'{name}' is not a frequency; the frequencies are {string.Join(", ", Names)}.");

    /// <summary>The frequency that is spelled so; null where none is.</summary>
    public static Frequency? TryParse(string name)
    {
        foreach (var (frequency, (known, _)) in Table)
        {
            if (known == name)
                return frequency;
        }

        return null;
    }

    /// <summary>How many minutes of the day lie between two due times; null where the hours are named.</summary>
    public static int? StepMinutes(this Frequency frequency) => Table[frequency].StepMinutes;

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
