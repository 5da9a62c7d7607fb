// Measures what the local runtime takes, and prints it. It fails only where something did not finish or was wrong.
using System.Diagnostics;
using System.Globalization;
using CloudRewind.LocalRuntime.Bounds;
using CloudRewind.LocalRuntime.Workload;
using CloudRewind.TestSupport;

const int AtOnce = 1_000;
const int FanOut = 10;
const int Waiting = 10_000;
const int QuietRequests = 5;
var quietTime = TimeSpan.FromSeconds(5);
var idleTime = TimeSpan.FromMinutes(1);
var allRight = true;

var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
Print("machine", $"{Environment.ProcessorCount} cores, {memory / 1e9:F0} GB; the store is Azurite, in memory, on the same cores");

await using (var storage = await TableStorage.StartAsync())
{
    using var app = new AppProgram(typeof(Journal).Assembly.Location, storage.ConnectionString);
    using var client = new AppClient(app.BaseAddress);
    await app.StartAsync();
    string[] ids = [.. Enumerable.Range(0, AtOnce).Select(i => $"fan-{i:D4}")];
    var begun = Stopwatch.GetTimestamp();
    await client.StartAsync("FanOut", ids);
    var started = Stopwatch.GetElapsedTime(begun);
    var right = await client.WaitForAsync(ids, FanOut);
    var taken = Stopwatch.GetElapsedTime(begun);
    Check(right == AtOnce);
    Print($"{AtOnce:N0} instances at once, fan-out {FanOut}", $"{right:N0} right, in {taken.TotalSeconds:F0} s (started within {started.TotalSeconds:F0} s)");
    Print("", $"{AtOnce * FanOut / taken.TotalSeconds:F0} activities a second, peak memory {app.PeakMemory / 1e6:F0} MB");
}

await using (var storage = await TableStorage.StartAsync())
{
    using var proxy = new CountingProxy(storage.Port);
    using var app = new AppProgram(
        typeof(Journal).Assembly.Location, storage.ConnectionString.Replace($":{storage.Port}/", $":{proxy.Port}/", StringComparison.Ordinal));
    using var client = new AppClient(app.BaseAddress);
    await app.StartAsync();
    var begun = Stopwatch.GetTimestamp();
    await client.StartAsync("Waiting", Enumerable.Range(0, Waiting).Select(i => $"waiting-{i:D5}"));
    Print($"{Waiting:N0} that wait: a year, and an event", $"created in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s, {proxy.Take()}");

    await QuietAsync(proxy);
    Print("all of them wait", $"{Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s after the first was started");
    await IdleAsync("idle", app, proxy);
    Check(await RestartAsync(app, proxy));
    await QuietAsync(proxy);
    await IdleAsync("idle after that", app, proxy);

    await client.RaiseAsync("waiting-04711", 42);
    var right = await client.WaitForAsync(["waiting-04711"], 42);
    Check(right == 1);
    Print("an event for one of them", $"{right} has completed with the event's number");
    await app.SignalAsync("TERM");
    Check(await app.ExitAsync() == 0);
}

return allRight ? 0 : 1;

async Task QuietAsync(CountingProxy proxy)
{
    do
    {
        proxy.Take();
        await Task.Delay(quietTime);
    }
    while (proxy.Take().Total > QuietRequests);
}

async Task IdleAsync(string what, AppProgram app, CountingProxy proxy)
{
    proxy.Take();
    var (cpu, begun) = (app.ProcessorTime, Stopwatch.GetTimestamp());
    await Task.Delay(idleTime);
    var share = (app.ProcessorTime - cpu) / Stopwatch.GetElapsedTime(begun);
    Print($"{what}, over a minute", $"{share * 100:F2}% of a core, {app.Memory / 1e6:F0} MB resident, {proxy.Take()}");
}

async Task<bool> RestartAsync(AppProgram app, CountingProxy proxy)
{
    await app.SignalAsync("TERM");
    var stopped = await app.ExitAsync() == 0;
    proxy.Take();
    var begun = Stopwatch.GetTimestamp();
    await app.StartAsync();
    Print($"start with {Waiting:N0} in storage", $"ready in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");
    await Task.Delay(TimeSpan.FromSeconds(2));
    Print("", $"{proxy.Take()}, to two seconds after");
    return stopped;
}

void Check(bool right) => allRight &= right;

void Print(string what, FormattableString figures) => Console.WriteLine($"{what,-42} {figures.ToString(CultureInfo.InvariantCulture)}");
