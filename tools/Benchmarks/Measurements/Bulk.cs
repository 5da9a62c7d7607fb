using System.Diagnostics;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// Many protections as fast as they are accepted, with one host and with two on one storage. In an assembly one runs at
/// a time, so a client for each assembly makes one after the other, and waits for its outcome. One round each: a round
/// has enough protections to be its own average.
/// </summary>
internal sealed class Bulk : IMeasurement
{
    /// <inheritdoc/>
    public string Name => "bulk";

    /// <inheritdoc/>
    public string Summary => "many protections at once, with one host and with two";

    /// <inheritdoc/>
    public string? WhyNotOutside => "it starts hosts of its own, and reads their memory";

    /// <inheritdoc/>
    public async Task MeasureAsync(Run run)
    {
        var each = run.Sizes.BulkOfAssembly;
        var assemblies = Math.Max(1, (run.Options.BulkProtections ?? run.Sizes.BulkProtections) / each);
        var (one, two) = (await MeasureAsync(run, 1, assemblies, each), await MeasureAsync(run, 2, assemblies, each));
        var size = FormattableString.Invariant($"{assemblies * each} protections of 2 resources, {assemblies} at a time");
        run.Report.Add(
            Row.Of(Name, $"{size}: time, two hosts / one", two.Seconds / one.Seconds, $"{two.Seconds:F1} s / {one.Seconds:F1} s"));
        run.Report.Add(
            Row.Of(Name, "transitions/s, two hosts / one", two.PerSecond / one.PerSecond, $"{two.PerSecond:F1} / {one.PerSecond:F1}"));
        run.Report.Add(
            Row.Of(
                Name,
                "peak memory of hosts and workers, two / one",
                two.Megabytes / one.Megabytes,
                $"{two.Megabytes:F0} MB / {one.Megabytes:F0} MB"));
        run.Report.Add(
            Row.Of(
                Name,
                "processor time of hosts and workers, two / one",
                two.CpuSeconds / one.CpuSeconds,
                $"{two.CpuSeconds:F1} s / {one.CpuSeconds:F1} s"));
    }

    private static async Task<Figures> MeasureAsync(Run run, int hosts, int count, int each)
    {
        await using var storage = await StorageEmulator.StartAsync();
        using var first = await MeasuredApp.StartAsync(storage.ConnectionString);
        using var second = hosts == 2 ? await MeasuredApp.StartAsync(storage.ConnectionString, beside: first) : null;
        MeasuredApp[] apps = second is null ? [first] : [first, second];
        foreach (var app in apps)
            await app.ProtectAsync();

        var assemblies = Enumerable.Range(0, count).Select(_ => first.NewAssembly()).ToList();
        foreach (var assembly in assemblies)
            await first.Client.PutAsync(assembly, SimulatedResources.Two);
        int[] processes = [.. apps.SelectMany(app => app.ProcessIds)];
        var (transitions, done) = (0, 0);

        var cpu = ProcessFigures.Of(processes).CpuSeconds;
        var begun = Stopwatch.GetTimestamp();
        var work = Task.WhenAll(assemblies.Select((assembly, at) => ProtectOneByOneAsync(apps[at % apps.Length].Client, assembly)));
        var peak = await ProcessFigures.PeakMegabytesAsync(processes, work);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        run.Say($"{hosts} host(s): {seconds:F1} s, {transitions} transitions");
        return new(seconds, transitions / seconds, peak, ProcessFigures.Of(processes).CpuSeconds - cpu);

        async Task ProtectOneByOneAsync(ApiClient client, AssemblyAddress assembly)
        {
            for (var i = 0; i < each; i++)
            {
                var id = await client.ProtectAsync(assembly);
                var outcome = await client.UntilSuccessAsync(assembly, id);
                Interlocked.Add(ref transitions, outcome.Sequence + 1); // the first has number 0
                if (Interlocked.Increment(ref done) % 100 == 0)
                    run.Say($"{hosts} host(s): {done} protections after {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s");
            }
        }
    }

    private sealed record Figures(double Seconds, double PerSecond, double Megabytes, double CpuSeconds);
}
