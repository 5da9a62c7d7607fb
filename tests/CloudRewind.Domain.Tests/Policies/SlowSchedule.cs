using CloudRewind.Domain.Policies;
using NodaTime;

namespace CloudRewind.Domain.Tests.Policies;

/// <summary>
/// The due times within a few days, found by watching the clock on the wall minute by minute. A time of day is due when the clock first shows it or has passed it;
/// a step is due whenever the clock reaches or jumps over a multiple of it. All that it shares with the product is the offset of the zone at an instant.
/// </summary>
internal sealed class SlowSchedule
{
    private static readonly LocalDateTime Epoch = new(1970, 1, 1, 0, 0);

    private readonly Instant from;
    private readonly long[] wall; // minutes since 1970 by the clock on the wall, at each minute of the window
    private readonly long[] highest;

    public SlowSchedule(DateTimeZone zone, Instant from, Instant to)
    {
        this.from = from;
        wall = [.. Enumerable.Range(0, (int)(to - from).TotalMinutes).Select(minute => WallAt(zone, from + Duration.FromMinutes(minute)))];
        highest = [.. wall];
        for (var minute = 1; minute < highest.Length; minute++)
            highest[minute] = Math.Max(highest[minute], highest[minute - 1]);
    }

    /// <summary>The first date of the window, and the last.</summary>
    public (LocalDate First, LocalDate Last) Dates => (DateOf(wall[0]), DateOf(wall[^1]));

    /// <summary>The due times after the first day of the window.</summary>
    public List<Instant> DueTimes(ScheduleDefinition definition) =>
        [.. (definition.Frequency <= Frequency.Hourly ? Steps(definition) : TimesOfDay(definition)).Select(minute => from + Duration.FromMinutes(minute))];

    private IEnumerable<int> Steps(ScheduleDefinition definition)
    {
        var step = definition.Frequency switch { Frequency.FifteenMinutes => 15, Frequency.ThirtyMinutes => 30, _ => 60 };
        for (var minute = 1; minute < wall.Length; minute++)
        {
            var passed = wall[minute] > wall[minute - 1] ? wall[minute - 1] + 1 : wall[minute];
            for (var shown = passed; shown <= wall[minute]; shown++)
            {
                if ((shown - definition.OffsetMinutes) % step != 0)
                    continue;
                yield return minute;
                break;
            }
        }
    }

    private IEnumerable<int> TimesOfDay(ScheduleDefinition definition)
    {
        SortedSet<int> due = [];
        for (var date = Dates.First.PlusDays(-2); date <= Dates.Last; date = date.PlusDays(1))
        {
            if (!Holds(definition, date))
                continue;
            foreach (var hour in HoursOf(definition))
            {
                var shown = MinutesOf(date) + hour * 60 + definition.OffsetMinutes;
                var minute = Array.FindIndex(highest, highest => highest >= shown);
                if (minute > 0)
                    due.Add(minute);
            }
        }

        return due;
    }

    private static IEnumerable<int> HoursOf(ScheduleDefinition definition) => definition.Frequency switch
    {
        Frequency.TwoHours => Every(2),
        Frequency.ThreeHours => Every(3),
        Frequency.FourHours => Every(4),
        Frequency.SixHours => Every(6),
        Frequency.EightHours => Every(8),
        Frequency.TwelveHours => Every(12),
        _ => definition.Hours,
    };

    private static IEnumerable<int> Every(int hours) => Enumerable.Range(0, 24).Where(hour => hour % hours == 0);

    private static bool Holds(ScheduleDefinition definition, LocalDate date)
    {
        var lastDay = DateTime.DaysInMonth(date.Year, date.Month);
        var isDay = definition.DaysOfMonth.Contains(date.Day) || (date.Day == lastDay && definition.DaysOfMonth.Any(day => day > lastDay));
        return definition.Frequency switch
        {
            Frequency.Weekly => definition.DaysOfWeek.Contains(date.DayOfWeek),
            Frequency.Monthly => isDay,
            Frequency.Yearly => isDay && definition.Months.Contains(date.Month),
            _ => true,
        };
    }

    private static long WallAt(DateTimeZone zone, Instant instant) => (instant.ToUnixTimeSeconds() + zone.GetUtcOffset(instant).Seconds) / 60;

    private static long MinutesOf(LocalDate date) => Period.DaysBetween(Epoch.Date, date) * 24L * 60;

    private static LocalDate DateOf(long minutes) => Epoch.Date.PlusDays((int)(minutes / (24 * 60)));
}
