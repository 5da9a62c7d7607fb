using CloudRewind.Chaos;

namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>Some rounds of what the program <c>CloudRewind.Chaos</c> makes many of.</summary>
public sealed class ChaosTests
{
    private const int Rounds = 5;
    private const int Assemblies = 6;

    /// <summary>As any race, they may go another way each time: a failure prints the seed.</summary>
    [OwnProcessFact]
    public async Task Five_rounds_of_faults_break_no_rule()
    {
        using var told = new StringWriter();
        var report = await ChaosRun.RunAsync(new ChaosOptions(Rounds, Random.Shared.Next(), Cells: 3, Assemblies), told);

        Assert.True(report.Violations.Count == 0, told.ToString());
        Assert.Equal(Rounds, report[Judged.Rounds]);
        Assert.InRange(report[Judged.Protections], Rounds, int.MaxValue); // or there was nothing to judge
        Assert.InRange(report[Judged.Outcomes], Rounds, int.MaxValue);
        Assert.InRange(report[Judged.Snapshots], 1, int.MaxValue);
        Assert.InRange(report[Asked.StatusAnswers], 1, int.MaxValue);

        // Each kind once in five rounds.
        Assert.InRange(
            report[Fault.BlobOutages] + report[Fault.QueueOutages] + report[Fault.TableOutages] + report[Fault.OutagesOfAllStorage],
            1, int.MaxValue);
        Assert.InRange(report[Fault.ControlMessagesLost] + report[Fault.WorkItemsLost], 1, int.MaxValue);
        Assert.InRange(report[Fault.InstancesLost] + report[Fault.HistoriesLost], 1, int.MaxValue);
        Assert.InRange(report[Fault.UnreadableRows], 1, int.MaxValue);
    }
}
