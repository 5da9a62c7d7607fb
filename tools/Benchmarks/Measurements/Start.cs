using System.Diagnostics;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// From the start of the host's process to the first 200, with storage up: the app against the probe, which runs under
/// the same host with the same host.json and has the Durable engine, too. Each has run on this storage before, so that
/// tables and task hub are there.
/// </summary>
internal sealed class Start : IMeasurement
{
    private const double Most = 1.3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public string Summary => "process start to the first 200, against an app that does nothing";

    /// <inheritdoc/>
    public string? WhyNotOutside => "it starts processes of its own";

    /// <inheritdoc/>
    public async Task MeasureAsync(Run run)
    {
        await using var storage = await StorageEmulator.StartAsync();
        using var app = MeasuredApp.Create(storage.ConnectionString);
        using var probe = new MeasuredProbe(storage.ConnectionString);
        await app.StartAsync();
        var (assembly, id) = await app.ProtectAsync();
        await app.StopAsync();
        await probe.StartAsync();
        await probe.StopAsync();

        var (health, lookup, trivial) = (new List<double>(), new List<double>(), new List<double>());
        Func<Task>[] starts = [StartAppAsync, StartProbeAsync];
        foreach (var round in run.Rounds)
        {
            foreach (var start in starts.Rotated(round))
                await start();
            run.Say($"round {round + 1}: first lookup after {lookup[^1]:F2} s, first answer of the probe after {trivial[^1]:F2} s");
        }

        Add("health check", health, "");
        Add("status lookup", lookup, Row.AimOf($"≤ {Most:F1}", Ratio(lookup) <= Most));

        async Task StartAppAsync()
        {
            var begun = Stopwatch.GetTimestamp();
            app.Launch();
            health.Add(await FirstAsync(app.Client, "/api/health/live", begun));
            lookup.Add(await FirstAsync(app.Client, ApiClient.StatusPath(assembly, id), begun));
            await app.StopAsync();
        }

        async Task StartProbeAsync()
        {
            var begun = Stopwatch.GetTimestamp();
            probe.Launch();
            trivial.Add(await FirstAsync(probe.Client, MeasuredProbe.TrivialPath, begun));
            await probe.StopAsync();
        }

        void Add(string what, List<double> seconds, string aim) => run.Report.Add(Row.Of(
            Name,
            $"start to first {what} / empty app's start to first answer",
            Ratio(seconds),
            $"{seconds.Median():F2} s / {trivial.Median():F2} s",
            aim));

        double Ratio(List<double> seconds) => seconds.Zip(trivial, (one, two) => one / two).Median();
    }

    private static async Task<double> FirstAsync(ApiClient client, string path, long begun)
    {
        while (Stopwatch.GetElapsedTime(begun) < Eventually.Limit)
        {
            try
            {
                if ((await client.GetAsync(path)).Status == 200)
                    return Stopwatch.GetElapsedTime(begun).TotalSeconds;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"{path} was not answered with 200 within {Eventually.Limit}.");
    }
}
