using CloudRewind.Domain.Policies;
using NodaTime;

namespace CloudRewind.Domain.Tests.Policies;

/// <summary>Definitions of schedules.</summary>
internal static class Definitions
{
    /// <summary>One at random that is due on a day.</summary>
    public static ScheduleDefinition Random(Random random, Frequency frequency, string zone, LocalDate day) => new(frequency, zone)
    {
        DaysOfWeek = frequency.NeedsDaysOfWeek() ? [day.DayOfWeek, .. Some(random, 1, 7).Select(number => (IsoDayOfWeek)number).Where(other => other != day.DayOfWeek)] : [],
        Months = frequency.NeedsMonths() ? [day.Month, .. Some(random, 1, 12).Where(other => other != day.Month)] : [],
        DaysOfMonth = frequency.NeedsDaysOfMonth() ? [.. Some(random, 1, 31).Append(day.Day).Append(day.PlusDays(1).Day).Append(31).Distinct()] : [],
        Hours = frequency.NeedsHours() ? [.. Some(random, 0, 23).Concat([0, 1, 2, 3, 23]).Distinct()] : [],
        OffsetMinutes = random.Next(2) == 0 ? 0 : random.Next(frequency.MaxOffsetMinutes() + 1),
    };

    /// <summary>All of it, for a person.</summary>
    public static string Describe(ScheduleDefinition definition) =>
        $"{definition.Frequency} in {definition.TimeZone}, offset {definition.OffsetMinutes}, hours [{string.Join(' ', definition.Hours)}], "
        + $"days of week [{string.Join(' ', definition.DaysOfWeek)}], days of month [{string.Join(' ', definition.DaysOfMonth)}], months [{string.Join(' ', definition.Months)}]";

    private static IEnumerable<int> Some(Random random, int min, int max) => Enumerable.Range(min, max - min + 1).Where(_ => random.Next(6) == 0).ToList();
}
