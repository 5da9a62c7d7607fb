using CloudRewind.Domain.Policies;
using CloudRewind.Storage.Tests.Support;
using Xunit.Abstractions;

namespace CloudRewind.Storage.Tests.Policies;

/// <summary>As <see cref="ScheduleSimulationTests"/>, against the real protocol.</summary>
[Collection(StorageTests.Name)]
public sealed class TableScheduleSimulationTests(StorageFixture storage, ITestOutputHelper output)
{
    [Fact]
    public async Task Two_days_of_twenty_policies_in_Table_Storage()
    {
        var simulation = new ScheduleSimulation(new TableBench(storage), seed: 3, TimeSpan.FromDays(2)) { DowntimeEvery = 400 };
        await simulation.RunAsync(ScheduleSimulation.Mix(20, Frequency.FifteenMinutes));

        output.WriteLine(simulation.ToString());
        Assert.True(simulation.Violations.Count == 0, string.Join('\n', simulation.Violations.Take(20)));
        Assert.True(simulation.Decided.Protections > 30, $"only {simulation.Decided.Protections} protections");
        Assert.True(simulation.Kills > 5, $"only {simulation.Kills} kills");
    }
}
