using System.Globalization;
using CloudRewind.Domain.Policies;
using NodaTime;

namespace CloudRewind.Domain.Tests.Policies;

public sealed class ScheduleTests
{
    [Fact]
    public void A_time_in_the_gap_is_due_at_the_first_instant_after_it() =>
        Due(Daily("Europe/Berlin", 2, 30), "2026-03-28T00:00Z", "2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z");

    [Fact]
    public void A_time_that_exists_twice_is_due_once_the_earlier() =>
        Due(Daily("Europe/Berlin", 2, 30), "2026-10-24T00:00Z", "2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z");

    [Fact]
    public void What_names_no_time_of_day_is_due_when_that_much_time_has_passed()
    {
        Due(new(Frequency.Hourly, "Europe/Berlin"), "2026-10-24T23:30Z", "2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z", "2026-10-25T03:00Z");
        Due(new(Frequency.ThirtyMinutes, "Europe/Berlin") { OffsetMinutes = 5 }, "2026-03-29T00:30Z", "2026-03-29T00:35Z", "2026-03-29T01:00Z", "2026-03-29T01:05Z");
    }

    [Fact]
    public void Hours_that_are_named_follow_the_clock_on_the_wall() =>
        Due(new(Frequency.TwelveHours, "Europe/Berlin"), "2026-10-24T21:00Z", "2026-10-24T22:00Z", "2026-10-25T11:00Z", "2026-10-25T23:00Z");

    [Fact]
    public void A_zone_is_aligned_by_its_own_clock() =>
        Due(new(Frequency.FourHours, "Asia/Kathmandu") { OffsetMinutes = 10 }, "2026-01-01T00:00Z", "2026-01-01T02:25Z", "2026-01-01T06:25Z");

    [Fact]
    public void The_thirty_first_is_the_last_day_of_a_short_month_and_is_due_once() =>
        Due(
            new(Frequency.Monthly, "UTC") { DaysOfMonth = [30, 31], Hours = [1] },
            "2028-01-30T12:00Z",
            "2028-01-31T01:00Z", "2028-02-29T01:00Z", "2028-03-30T01:00Z", "2028-03-31T01:00Z", "2028-04-30T01:00Z", "2028-05-30T01:00Z");

    [Fact]
    public void The_twenty_ninth_of_February_is_the_twenty_eighth_in_most_years() =>
        Due(
            new(Frequency.Yearly, "UTC") { Months = [2], DaysOfMonth = [29], Hours = [0] },
            "2027-01-01T00:00Z",
            "2027-02-28T00:00Z", "2028-02-29T00:00Z", "2029-02-28T00:00Z");

    [Fact]
    public void A_delay_goes_on_into_the_next_day() =>
        Due(
            new(Frequency.Weekly, "America/New_York") { DaysOfWeek = [IsoDayOfWeek.Saturday], Hours = [23], OffsetMinutes = 90 },
            "2026-03-01T12:00Z",
            "2026-03-08T05:30Z", "2026-03-15T04:30Z");

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("europe/berlin", false)]
    [InlineData("UTC+02:00", false)]
    [InlineData("W. Europe Standard Time", false)]
    public void A_zone_is_one_of_the_tz_database(string name, bool isKnown) => Assert.Equal(isKnown, ScheduleDefinition.IsTimeZone(name));

    [Fact]
    public void The_tz_database_comes_with_the_app() =>
        Assert.StartsWith("TZDB: 20", DateTimeZoneProviders.Tzdb.VersionId, StringComparison.Ordinal);

    [Fact]
    public void There_is_an_end() => Assert.Null(new Schedule(Daily("UTC", 0, 0)).After(DateTimeOffset.MaxValue));

    private static ScheduleDefinition Daily(string zone, int hour, int offset) => new(Frequency.Daily, zone) { Hours = [hour], OffsetMinutes = offset };

    private static void Due(ScheduleDefinition definition, string from, params string[] expected)
    {
        var schedule = new Schedule(definition);
        List<string> found = [];
        for (var due = schedule.After(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture)); found.Count < expected.Length; due = schedule.After(due!.Value))
            found.Add(due!.Value.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture));
        Assert.Equal(expected, found);
    }
}
