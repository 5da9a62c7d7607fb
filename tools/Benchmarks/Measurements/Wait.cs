using System.Globalization;
using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// Many clients that follow few protections to their outcome: with requests that wait for news, against one request
/// each second. What the protections themselves cost is measured in blocks in which nobody asks, and taken off. The
/// app's clock is compared with this process's: both are the machine's.
/// </summary>
internal sealed class Wait : IMeasurement
{
    /// <inheritdoc/>
    public string Name => "wait";

    /// <inheritdoc/>
    public string Summary => "clients that wait for news against clients that ask each second";

    /// <inheritdoc/>
    public string? WhyNotOutside => "it reads the processor time of the app's processes, and puts proxies before its storage";

    /// <inheritdoc/>
    public async Task MeasureAsync(Run run)
    {
        await using var storage = await StorageEmulator.StartAsync();
        await using var tally = await StorageTally.StartAsync(storage);
        using var app = await MeasuredApp.StartAsync(tally.Runtime, tally.TablesOfApp);
        var audience = new Audience(app, tally, new TableClient(storage.ConnectionString, TableLayout.Protections));
        await audience.GatherAsync(run.Sizes.WaitingProtections);

        Mode[] modes = [new("nobody", null), new("waiting", Audience.WaitAsync), new("asking each second", Audience.AskEachSecondAsync)];
        var clients = run.Sizes.WaitingClients / run.Sizes.WaitingProtections;
        foreach (var mode in modes.Where(mode => mode.Next is not null))
            await audience.FollowAsync(clients, mode.Next); // warm-up
        foreach (var round in run.Rounds)
        {
            foreach (var mode in modes.Rotated(round))
            {
                mode.Blocks.Add(await audience.FollowAsync(mode.Next is null ? 0 : clients, mode.Next));
                var last = mode.Blocks[^1];
                var (news, seconds) = (last.Delays.Count, last.CpuSeconds);
                var (requests, reads) = (last.Requests, last.TableReads);
                run.Say($"round {round + 1}, {mode.Name}: {requests} requests, {reads} reads, {seconds:F1} s of CPU, {news} news");
            }
        }

        Report(run, modes[0], modes[1], modes[2]);
    }

    private void Report(Run run, Mode nobody, Mode waiting, Mode asking)
    {
        var size = FormattableString.Invariant($"{run.Sizes.WaitingClients} clients of {run.Sizes.WaitingProtections} protections");
        Add($"{size}: HTTP requests, waiting / asking each second", block => block.Requests, "F0", "");
        Add("the app's reads of tables, beside those of the protections themselves", block => block.TableReads, "F0", "");
        Add("processor time of host and worker, beside that of the protections themselves", block => block.CpuSeconds, "F2", " s");
        AddDelay("p50", 0.5);
        AddDelay("p99", 0.99);

        void Add(string what, Func<Audience.Figures, double> figure, string format, string unit)
        {
            var without = nobody.Blocks.Select(figure).Median();
            var (one, two) = (waiting.Blocks.Select(figure).Median() - without, asking.Blocks.Select(figure).Median() - without);
            FormattableString behind = $"{Text(one)} / {Text(two)}; of the protections themselves {Text(without)}";
            // What is too small to be told from the protections' own has no ratio.
            run.Report.Add(one > 0 && two > 0 ? Row.Of(Name, what, one / two, behind) : Row.Of(Name, what, behind));

            string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture) + unit;
        }

        void AddDelay(string what, double part)
        {
            double[] one = [.. waiting.Blocks.Select(Delay)], two = [.. asking.Blocks.Select(Delay)];
            run.Report.Add(Row.Of(
                Name,
                $"from a transition to the answer: {what}, waiting / asking each second",
                one.Zip(two, (left, right) => left / right).Median(),
                $"{one.Median():F0} ms / {two.Median():F0} ms"));

            double Delay(Audience.Figures block) => Statistics.Percentile(block.Delays, part);
        }
    }

    private sealed record Mode(string Name, Func<ApiClient, string, Answer, Task<Answer>>? Next)
    {
        public List<Audience.Figures> Blocks { get; } = [];
    }
}
