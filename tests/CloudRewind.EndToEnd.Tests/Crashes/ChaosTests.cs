using CloudRewind.Chaos;
using Xunit.Abstractions;

namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>A few rounds of what <c>tests/CloudRewind.Chaos</c> makes many of.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Seed = 20;

    [OwnProcessFact]
    public async Task Five_rounds_of_chaos_break_no_rule()
    {
        using var said = new StringWriter();

        var report = await ChaosRun.RunAsync(new ChaosOptions(Rounds: 5, Seed, Cells: 2, Assemblies: 8), said);

        output.WriteLine(said.ToString());
        output.WriteLine(report.Summary);
        Assert.Empty(report.Violations);
        Assert.Equal(5, report["rounds"]);
        Assert.True(report["protections"] >= 5, report.Summary);
    }
}
