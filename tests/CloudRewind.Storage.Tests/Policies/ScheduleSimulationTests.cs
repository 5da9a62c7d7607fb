using CloudRewind.Domain.Policies;
using CloudRewind.Storage.Tests.Support;
using Xunit.Abstractions;

namespace CloudRewind.Storage.Tests.Policies;

/// <summary>Every due time has exactly one protection or one record that it was missed, and no rule removes the newest good copy, whatever is killed.</summary>
public sealed class ScheduleSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_year_of_two_hundred_policies_in_memory()
    {
        var isFull = Environment.GetEnvironmentVariable("CLOUDREWIND_SIMULATION") == "full"; // with the shortest intervals too: a minute more
        var bench = new InMemoryBench();
        var simulation = new ScheduleSimulation(bench, seed: 20_260_101, TimeSpan.FromDays(365)) { NextDueOf = () => bench.DueInMemory.FirstDueAt };
        await simulation.RunAsync(ScheduleSimulation.Mix(200, isFull ? Frequency.FifteenMinutes : Frequency.TwoHours));

        output.WriteLine(simulation.ToString());
        Assert.True(simulation.Violations.Count == 0, string.Join('\n', simulation.Violations.Take(20)));
        Assert.True(simulation.Decided.Protections > 12_000, $"only {simulation.Decided.Protections} protections");
        Assert.True(simulation.Kills > 5_000, $"only {simulation.Kills} kills");
        // The tz database does not change within the year.
        Assert.All(Enum.GetValues<MissedReason>().Except([MissedReason.TimeZoneUnknown]), reason => Assert.True(simulation.Decided.Missed.GetValueOrDefault(reason) > 0, $"nothing was missed by {reason}"));
        Assert.True(simulation.RuleRemovals > 12_000, $"rules removed only {simulation.RuleRemovals}");
        Assert.True(simulation.KeptAsNewest > 10, $"the newest was kept only {simulation.KeptAsNewest} times");
    }
}
