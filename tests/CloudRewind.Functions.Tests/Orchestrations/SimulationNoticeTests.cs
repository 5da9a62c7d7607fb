using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Tests.Support;
using CloudRewind.Simulation;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class SimulationNoticeTests
{
    [Theory]
    [InlineData(SimulationServices.Key, 1)]
    [InlineData("Aws", 0)]
    public async Task Only_a_start_that_simulates_says_so(string provider, int lines)
    {
        var log = new CollectedLog<SimulationNotice>();

        await new SimulationNotice(new ScriptedProvider { Name = provider }, log).StartAsync(CancellationToken.None);

        Assert.Equal(lines, log.Lines.Count(line => line.Contains("Set Capture__Provider=Aws", StringComparison.Ordinal)));
    }
}
