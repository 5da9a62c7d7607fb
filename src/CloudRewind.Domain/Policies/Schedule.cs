using NodaTime;
using NodaTime.TimeZones;

namespace CloudRewind.Domain.Policies;

/// <summary>
/// The due times of a policy. A time of day that does not exist, because the clocks go forward over it, is due at the first instant after the gap; one that
/// exists twice, because they go back, is due once, the first time. A frequency of up to an hour names no time of day: it is due whenever that much time has
/// passed, as the clock on the wall shows it. Times that fall on the same instant are one.
/// </summary>
public sealed class Schedule
{
    private const int MinutesPerHour = 60;
    private const long SecondsPerMinute = 60;
    private const int DaysInWeek = 7;
    private const int LongestMonth = 31;
    private const int LongestYear = 366;

    // A delay moves a due time into the next day, and a change of the clocks by less than another.
    private const int DaysBefore = 3;

    private static readonly Instant End = Instant.FromUtc(9990, 1, 1, 0, 0);
    private static readonly ZoneLocalMappingResolver Resolve = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private readonly ScheduleDefinition definition;
    private readonly DateTimeZone zone;
    private readonly int[] minutesOfDay;

    /// <summary>The due times that a definition names.</summary>
    /// <exception cref="DateTimeZoneNotFoundException">The tz database knows no such zone.</exception>
    public Schedule(ScheduleDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        this.definition = definition;
        zone = DateTimeZoneProviders.Tzdb[definition.TimeZone];
        minutesOfDay = definition.Frequency.StepMinutes() is { } step
            ? [.. Enumerable.Range(0, 24 * MinutesPerHour / step).Select(number => number * step + definition.OffsetMinutes)]
            : [.. definition.Hours.Order().Select(hour => hour * MinutesPerHour + definition.OffsetMinutes)];
    }

    /// <summary>The first due time after an instant; null after the year 9989.</summary>
    public DateTimeOffset? After(DateTimeOffset instant) => After(Instant.FromDateTimeOffset(instant))?.ToDateTimeOffset();

    /// <summary>The last due time that is not after an instant.</summary>
    /// <returns>Null where there is none within the longest interval that there is between two.</returns>
    public DateTimeOffset? LastUpTo(DateTimeOffset instant)
    {
        var limit = Instant.FromDateTimeOffset(instant);
        Instant? last = null;
        for (var due = After(limit - Duration.FromDays(LongestInterval + DaysBefore)); due <= limit; due = After(due.Value))
            last = due;
        return last?.ToDateTimeOffset();
    }

    /// <summary>An instant as the clock on the wall shows it in the policy's zone.</summary>
    public DateTimeOffset ToLocal(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeOffset();

    // In days.
    private int LongestInterval => definition.Frequency switch
    {
        Frequency.Weekly => DaysInWeek,
        Frequency.Monthly => LongestMonth,
        Frequency.Yearly => LongestYear,
        _ => 1,
    };

    private Instant? After(Instant instant)
    {
        if (instant >= End)
            return null;
        return definition.Frequency.StepsThroughTime() ? NextStep(instant) : NextTimeOfDay(instant);
    }

    private Instant NextStep(Instant instant)
    {
        var step = definition.Frequency.StepMinutes()!.Value * SecondsPerMinute;
        var from = instant + Duration.Epsilon;
        while (true)
        {
            // Within one interval the clock on the wall runs as time does.
            var interval = zone.GetZoneInterval(from);
            var due = NextAligned(from, interval.WallOffset, step);
            if (!interval.HasEnd || due < interval.End)
                return due;
            // The clocks go forward over it: the first instant after the gap.
            if (due < interval.End + ForwardBy(interval))
                return interval.End;
            from = interval.End;
        }
    }

    private Duration ForwardBy(ZoneInterval interval)
    {
        var change = zone.GetZoneInterval(interval.End).WallOffset - interval.WallOffset;
        return change > Offset.Zero ? Duration.FromSeconds(change.Seconds) : Duration.Zero;
    }

    // The first instant from this one on at which the clock on the wall shows a multiple of the step, and the delay.
    private Instant NextAligned(Instant from, Offset wall, long stepSeconds)
    {
        var shift = wall.Seconds - definition.OffsetMinutes * SecondsPerMinute;
        var seconds = from.ToUnixTimeSeconds();
        if (Instant.FromUnixTimeSeconds(seconds) < from)
            seconds++;
        var past = Modulo(seconds + shift, stepSeconds);
        return Instant.FromUnixTimeSeconds(past == 0 ? seconds : seconds + stepSeconds - past);
    }

    private Instant NextTimeOfDay(Instant instant)
    {
        for (var date = instant.InZone(zone).Date.PlusDays(-DaysBefore); ; date = date.PlusDays(1))
        {
            if (!Holds(date))
                continue;
            foreach (var minutes in minutesOfDay)
            {
                var due = zone.ResolveLocal(date.AtMidnight().PlusMinutes(minutes), Resolve).ToInstant();
                if (due > instant)
                    return due;
            }
        }
    }

    private bool Holds(LocalDate date) =>
        (definition.DaysOfWeek.Count == 0 || definition.DaysOfWeek.Contains(date.DayOfWeek))
        && (definition.Months.Count == 0 || definition.Months.Contains(date.Month))
        && (definition.DaysOfMonth.Count == 0 || definition.DaysOfMonth.Any(day => Math.Min(day, date.Calendar.GetDaysInMonth(date.Year, date.Month)) == date.Day));

    private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;
}
