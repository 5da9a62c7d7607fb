using CloudRewind.Domain.Policies;
using CsCheck;
using NodaTime;
using Xunit.Abstractions;

namespace CloudRewind.Domain.Tests.Policies;

/// <summary>The due times around every change of the clocks, in every zone, are those that <see cref="SlowSchedule"/> finds minute by minute.</summary>
public sealed class ScheduleProperties(ITestOutputHelper output)
{
    private static readonly Instant From = Instant.FromUtc(2020, 1, 1, 0, 0);
    private static readonly Instant To = Instant.FromUtc(2031, 1, 1, 0, 0);

    [Fact]
    public void Around_every_change_of_the_clocks_the_due_times_are_those_of_the_clock_on_the_wall()
    {
        var (zones, changes, cases, dueTimes) = (0, 0, 0, 0);
        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids.Where(id => id == Canonical(id)).Select(id => DateTimeZoneProviders.Tzdb[id]))
        {
            zones++;
            foreach (var change in zone.GetZoneIntervals(From, To).Where(interval => interval.HasStart && interval.Start >= From).Select(interval => interval.Start))
            {
                changes++;
                var (from, to) = (change - Duration.FromHours(52), change + Duration.FromHours(30));
                var slow = new SlowSchedule(zone, from, to);
                var random = new Random((int)(change.ToUnixTimeSeconds() % int.MaxValue) ^ zone.Id.Length);
                foreach (var frequency in Enum.GetValues<Frequency>())
                {
                    dueTimes += Check(slow, Definitions.Random(random, frequency, zone.Id, slow.Dates.First), from + Duration.FromDays(1), to);
                    cases++;
                }
            }
        }

        output.WriteLine($"{zones} zones, {changes} changes of the clocks, {cases} cases, {dueTimes} due times");
        Assert.True(changes > 1_000, $"only {changes} changes");
        Assert.True(dueTimes > 10 * cases, $"only {dueTimes} due times");
    }

    [Fact]
    public void In_any_month_of_any_zone_the_due_times_are_those_of_the_clock_on_the_wall()
    {
        var zones = DateTimeZoneProviders.Tzdb.Ids.ToList();
        Gen.Select(Gen.Int[0, zones.Count - 1], Gen.Int[0, 120], Gen.Int[0, int.MaxValue]).Sample(
            (zone, month, seed) =>
            {
                var from = Instant.FromUtc(2020, 1, 27, 7, 13) + Duration.FromDays(30.4375 * month);
                from = Instant.FromUnixTimeSeconds(from.ToUnixTimeSeconds() / 60 * 60);
                var to = from + Duration.FromDays(6);
                var slow = new SlowSchedule(DateTimeZoneProviders.Tzdb[zones[zone]], from, to);
                var random = new Random(seed);
                foreach (var frequency in Enum.GetValues<Frequency>())
                    Check(slow, Definitions.Random(random, frequency, zones[zone], slow.Dates.First.PlusDays(random.Next(5))), from + Duration.FromDays(1), to);
            },
            iter: 200);
    }

    // How many due times there were.
    private static int Check(SlowSchedule slow, ScheduleDefinition definition, Instant from, Instant to)
    {
        var schedule = new Schedule(definition);
        var expected = slow.DueTimes(definition).Where(due => due > from).ToList();
        List<Instant> found = [];
        for (var due = schedule.After(from.ToDateTimeOffset()); due < to.ToDateTimeOffset(); due = schedule.After(due.Value))
            found.Add(Instant.FromDateTimeOffset(due.Value));

        Assert.True(expected.SequenceEqual(found), $"{Definitions.Describe(definition)}\nexpected: {string.Join(", ", expected)}\nfound:    {string.Join(", ", found)}");
        foreach (var due in expected.Where((_, index) => index % 5 == 0))
        {
            Assert.Equal(due.ToDateTimeOffset(), schedule.LastUpTo(due.ToDateTimeOffset()));
            Assert.Equal(due.ToDateTimeOffset(), schedule.After(due.ToDateTimeOffset().AddTicks(-1)));
        }

        return expected.Count;
    }

    private static string Canonical(string id) => NodaTime.TimeZones.TzdbDateTimeZoneSource.Default.CanonicalIdMap[id];
}
