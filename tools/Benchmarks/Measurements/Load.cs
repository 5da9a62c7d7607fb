using System.Collections.Concurrent;
using System.Diagnostics;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// A mixed load for minutes: mostly lookups, some lists, few creates. What grows shows in the last third against the
/// first, after a warm-up. An answer that the contract does not promise here is an error.
/// </summary>
internal sealed class Load : IMeasurement
{
    private const int Clients = 16;
    private const int Assemblies = 50;
    private const double Lists = 0.04;
    private const double Creates = 0.01;
    private const int ErrorsPrinted = 20;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBetweenSamples = TimeSpan.FromSeconds(10);
    private static readonly string Newest = "items=1-20";

    /// <inheritdoc/>
    public string Name => "load";

    /// <inheritdoc/>
    public string Summary => "a mixed load for minutes: memory, handles, threads, answers (only where it is asked for)";

    /// <inheritdoc/>
    public string? WhyNotOutside => "it looks at the app's processes";

    /// <inheritdoc/>
    public async Task MeasureAsync(Run run)
    {
        await using var storage = await StorageEmulator.StartAsync();
        using var app = await MeasuredApp.StartAsync(storage.ConnectionString);
        var protections = new ConcurrentDictionary<AssemblyAddress, string>();
        foreach (var assembly in Enumerable.Range(0, Assemblies).Select(_ => app.NewAssembly()))
        {
            await app.Client.PutAsync(assembly, SimulatedResources.Two);
            protections[assembly] = await app.Client.ProtectAsync(assembly);
        }

        var time = run.Options.IsQuick ? TimeSpan.FromSeconds(20) : run.Options.LoadTime;
        var warmUp = Shorter(LongestWarmUp, time / 4);
        var requests = new ConcurrentBag<Request>();
        var samples = new List<Sample>();
        var begun = Stopwatch.GetTimestamp();
        var work = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(AskAsync)));
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Shorter(LongestBetweenSamples, time / 20)));
            var (host, worker) = (ProcessFigures.Of([app.ProcessIds[0]]), ProcessFigures.Of([app.ProcessIds[1]]));
            samples.Add(new(Stopwatch.GetElapsedTime(begun), host, worker));
            run.Say($"{requests.Count} requests; host {Shown(host)}; worker {Shown(worker)}");
        }

        await work;
        Report(run, [.. requests], samples, warmUp, time);

        static string Shown(ProcessFigures of) =>
            FormattableString.Invariant($"{of.Megabytes:F0} MB, {of.Handles} handles, {of.Threads} threads");

        async Task AskAsync()
        {
            while (Stopwatch.GetElapsedTime(begun) < time)
            {
                var assembly = protections.Keys.ElementAt(Random.Shared.Next(Assemblies));
                var dice = Random.Shared.NextDouble();
                var (at, asked) = (Stopwatch.GetElapsedTime(begun), Stopwatch.GetTimestamp());
                var error = await ErrorOfAsync(dice, assembly);
                requests.Add(new(at, Stopwatch.GetElapsedTime(asked).TotalMilliseconds, IsLookup: dice >= Lists + Creates, error));
            }
        }

        async Task<string?> ErrorOfAsync(double dice, AssemblyAddress assembly)
        {
            try
            {
                var answer = dice switch
                {
                    < Creates => await app.Client.SendAsync(HttpMethod.Post, $"{assembly.Path}/protections"),
                    < Creates + Lists => await app.Client.GetAsync($"{assembly.Path}/protections", ("Range", Newest)),
                    _ => await app.Client.GetAsync(ApiClient.StatusPath(assembly, protections[assembly])),
                };
                if (answer.Status == 202)
                    protections[assembly] = answer.Json.GetProperty("id").GetString()!;
                var isFine = answer.Status is (>= 200 and < 300) or 304
                    || (answer.Status == 409 && answer.Body.Contains("protection-running", StringComparison.Ordinal));
                return isFine ? null : $"{answer.Status} {answer.Body}";
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                return failure.Message;
            }
        }
    }

    private void Report(Run run, List<Request> requests, List<Sample> samples, TimeSpan warmUp, TimeSpan time)
    {
        var errors = requests.Where(request => request.Error is not null).ToList();
        foreach (var error in errors.Take(ErrorsPrinted))
            run.Say($"error after {error.At.TotalSeconds:F0} s: {error.Error}");
        var third = (time - warmUp) / 3;
        run.Report.Add(Row.Of(Name, FormattableString.Invariant($"{Clients} clients for {time.TotalMinutes:F1} minutes"),
            $"{requests.Count / time.TotalSeconds:F0} requests/s; {requests.Count} requests, {errors.Count} errors",
            Row.AimOf($"no error", errors.Count == 0)));

        Add("host: memory, MB", sample => sample.Host.Megabytes);
        Add("host: handles", sample => sample.Host.Handles);
        Add("host: threads", sample => sample.Host.Threads);
        Add("worker: memory, MB", sample => sample.Worker.Megabytes);
        Add("worker: handles", sample => sample.Worker.Handles);
        Add("worker: threads", sample => sample.Worker.Threads);
        AddLookups("p50", 0.5);
        AddLookups("p99", 0.99);

        bool IsFirst(TimeSpan at) => at >= warmUp && at < warmUp + third;
        bool IsLast(TimeSpan at) => at >= time - third;

        void Add(string what, Func<Sample, double> figure)
        {
            var (first, last) = (
                samples.Where(sample => IsFirst(sample.At)).Select(figure).Median(),
                samples.Where(sample => IsLast(sample.At)).Select(figure).Median());
            run.Report.Add(Row.Of(Name, $"{what}: last third / first third", last / first, $"{last:F0} / {first:F0}"));
        }

        void AddLookups(string what, double part)
        {
            var (first, last) = (Lookups(IsFirst), Lookups(IsLast));
            run.Report.Add(Row.Of(Name, $"lookup {what}: last third / first third", last / first, $"{last:F2} ms / {first:F2} ms"));

            double Lookups(Func<TimeSpan, bool> when) =>
                Statistics.Percentile(
                    [.. requests.Where(request => request.IsLookup && when(request.At)).Select(request => request.Milliseconds).Order()],
                    part);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed record Request(TimeSpan At, double Milliseconds, bool IsLookup, string? Error);

    private sealed record Sample(TimeSpan At, ProcessFigures Host, ProcessFigures Worker);
}
