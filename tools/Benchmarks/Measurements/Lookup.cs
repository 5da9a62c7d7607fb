using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// A status lookup over HTTP against what it cannot do without: a point read of the same row from this process, and a
/// function of the probe under the same host that does nothing. Of an outside app, its health check, which asks for
/// nothing, stands for the latter; of an own one it comes beside, and tells what the app puts around each of its
/// functions.
/// </summary>
internal sealed class Lookup : IMeasurement
{
    private const int Many = 16;
    private const double PointReads = 1.5;
    private const double LeastThroughput = 0.7;

    /// <inheritdoc/>
    public string Name => "lookup";

    /// <inheritdoc/>
    public string Summary => "a status lookup against a bare point read and a trivial function";

    /// <inheritdoc/>
    public string? WhyNotOutside => null;

    /// <inheritdoc/>
    public Task MeasureAsync(Run run) => OutsideApp.IsGiven ? MeasureOutsideAsync(run, OutsideApp.Read()) : MeasureOwnAsync(run);

    private async Task MeasureOwnAsync(Run run)
    {
        await using var storage = await StorageEmulator.StartAsync();
        using var app = await MeasuredApp.StartAsync(storage.ConnectionString);
        using var probe = new MeasuredProbe(storage.ConnectionString);
        await probe.StartAsync();
        var (assembly, id) = await app.ProtectAsync();
        await MeasureAsync(
            run,
            app.Client,
            assembly,
            id,
            storage.ConnectionString,
            new("trivial function", () => probe.Client.ReadAsync(MeasuredProbe.TrivialPath)),
            HealthCheck(app.Client));
    }

    private async Task MeasureOutsideAsync(Run run, OutsideApp outside)
    {
        var assembly = AssemblyAddress.New("benchmarks");
        using var client = MeasuredApp.ClientOf(outside.BaseAddress, outside.Tokens, assembly.AccountId);
        await client.PutAsync(assembly, SimulatedResources.Two);
        var id = await client.ProtectAsync(assembly);
        await client.UntilSuccessAsync(assembly, id);
        await MeasureAsync(run, client, assembly, id, outside.Storage, HealthCheck(client));
    }

    private static Subject HealthCheck(ApiClient client) => new("health check", () => client.ReadAsync("/api/health/live"));

    private async Task MeasureAsync(
        Run run, ApiClient client, AssemblyAddress assembly, string id, string storage, Subject trivial, params Subject[] others)
    {
        var path = ApiClient.StatusPath(assembly, id);
        var table = new TableClient(storage, TableLayout.Protections);
        var (partition, row) = TableLayout.KeysOf(id);
        Subject lookup = new("lookup", () => client.ReadAsync(path)), read = new(
            "point read", () => table.GetEntityAsync<TableEntity>(partition, row));
        Subject[] all = [lookup, read, trivial, .. others];

        foreach (var subject in all)
        {
            await Block.RunAsync(run.Sizes.WarmUp, Many, subject.Ask);
            await Block.RunAsync(run.Sizes.OneByOne, 1, subject.Ask);
        }

        foreach (var round in run.Rounds)
        {
            foreach (var subject in all.Rotated(round))
                subject.Single.Add(await Block.RunAsync(run.Sizes.OneByOne, 1, subject.Ask));
            foreach (var subject in all.Rotated(round))
                subject.Parallel.Add(await Block.RunAsync(run.Sizes.AtOnce, Many, subject.Ask));
            var (p50, readP50, trivialP50) = (lookup.Single[^1].P50, read.Single[^1].P50, trivial.Single[^1].P50);
            run.Say($"round {round + 1}: lookup {p50:F2} ms, point read {readP50:F2} ms, {trivial.Name} {trivialP50:F2} ms, one at a time");
        }

        Report(run, lookup, read, trivial, others);
    }

    private void Report(Run run, Subject lookup, Subject read, Subject trivial, Subject[] others)
    {
        foreach (var other in (Subject[])[trivial, read, .. others])
        {
            Add(1, "p50, ms", subject => subject.Single, block => block.P50);
            Add(1, "p99, ms", subject => subject.Single, block => block.P99);
            Add(Many, "p50, ms", subject => subject.Parallel, block => block.P50);
            Add(Many, "p99, ms", subject => subject.Parallel, block => block.P99);
            Add(Many, "requests/s", subject => subject.Parallel, block => block.PerSecond);

            void Add(int atOnce, string unit, Func<Subject, List<Block>> blocks, Func<Block, double> figure) => run.Report.Add(Row.Of(
                Name,
                FormattableString.Invariant($"lookup / {other.Name}, {atOnce} at a time: {unit}"),
                blocks(lookup).Zip(blocks(other), (one, two) => figure(one) / figure(two)).Median(),
                $"{blocks(lookup).Select(figure).Median():F2} / {blocks(other).Select(figure).Median():F2}"));
        }

        var left = P50(lookup);
        var right = P50(trivial) + (PointReads * P50(read));
        run.Report.Add(Row.Of(
            Name,
            $"p50(lookup) / (p50({trivial.Name}) + {PointReads:F1} × p50(point read)), one at a time",
            left / right,
            $"{left:F2} ms / {right:F2} ms",
            Row.AimOf($"≤ 1", left <= right)));
        var throughput = lookup.Parallel.Zip(trivial.Parallel, (one, two) => one.PerSecond / two.PerSecond).Median();
        run.Report.Add(Row.Of(
            Name,
            $"throughput(lookup) / throughput({trivial.Name}), {Many} at a time",
            throughput,
            $"{PerSecond(lookup):F0}/s / {PerSecond(trivial):F0}/s",
            Row.AimOf($"≥ {LeastThroughput:F1}", throughput >= LeastThroughput)));

        static double PerSecond(Subject subject) => subject.Parallel.Select(block => block.PerSecond).Median();

        static double P50(Subject subject) => subject.Single.Select(block => block.P50).Median();
    }

    private sealed record Subject(string Name, Func<Task> Ask)
    {
        public List<Block> Single { get; } = [];

        public List<Block> Parallel { get; } = [];
    }
}
