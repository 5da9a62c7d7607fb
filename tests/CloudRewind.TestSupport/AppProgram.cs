using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using CloudRewind.DevStack;

namespace CloudRewind.TestSupport;

/// <summary>
/// A Functions app under the local host, as programs: the host and its worker can be killed as only processes can, and started again on the same port.
/// </summary>
public sealed partial class AppProgram : IDisposable
{
    private const string StorageName = "AzureWebJobsStorage";
    private const string UrlsName = "ASPNETCORE_URLS";
    private const string EngineStorage = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";
    private const int LinesKept = 1_000;

    // What a developer has set for an own app, or another host for its worker, must not change what is tested.
    private static readonly string[] NotInherited =
    [
        "APPLICATIONINSIGHTS_", "ASPNETCORE_", "Auth__", "AWS_", "Aws__", "AZURE_CLIENT_ID", "AzureFunctionsJobHost__", StorageName, "AZURE_FUNCTIONS_", "Capture__", "Cors__", "DOTNET_ENVIRONMENT",
        "DOTNET_STARTUP_HOOKS", "FUNCTIONS_", "Logging__", "OTEL_", "Retention__", "Simulation__", "Storage__", "Watchdog__", "WEBSITE_",
    ];

    private readonly ConcurrentQueue<string> lines = new();
    private Process? host;
    private Task ready = Task.CompletedTask;
    private volatile int workerId;

    /// <param name="appFolder">The folder of the built or published app.</param>
    /// <param name="connectionString">Its storage; where there is none, the host starts one by itself.</param>
    public AppProgram(string appFolder, string? connectionString = null)
    {
        AppFolder = appFolder;
        BaseAddress = new Uri($"http://127.0.0.1:{FreePort.Take()}/");
        Settings[UrlsName] = BaseAddress.OriginalString;
        Settings[$"{EngineStorage}maxQueuePollingInterval"] = "00:00:00.5";
        if (connectionString is not null)
            Settings[StorageName] = connectionString;
    }

    /// <summary>The assembly of the local host, in the configuration of the tests.</summary>
    public static string HostProgram { get; } = Path.Combine(OutputOf("tools/DevStack"), "CloudRewind.DevStack.dll");

    /// <summary>Where it answers.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The folder of the app of the next start; null for none.</summary>
    public string? AppFolder { get; set; }

    /// <summary>The host's options at the next start.</summary>
    public string[] Options { get; set; } = [];

    /// <summary>The environment variables of the next start.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>The host's number.</summary>
    public int HostId => host!.Id;

    /// <summary>The number of the worker that started last; 0 before.</summary>
    public int WorkerId => workerId;

    /// <summary>Whether the host is there.</summary>
    public bool IsRunning => host is { HasExited: false };

    /// <summary>What host and worker have said last, on either stream, since the last start.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>The folder into which a project is built, in the configuration of the tests.</summary>
    /// <param name="folder">The project's folder, relative to the repository.</param>
    public static string OutputOf(string folder) => Path.Combine(
        Repository.Root,
        folder,
        "bin",
        typeof(AppProgram).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    /// <summary>Whether a process runs.</summary>
    public static bool Exists(int processId) => RunningProcess.Exists(processId);

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it said.</exception>
    public Task StartAsync()
    {
        Launch();
        return ReadyAsync();
    }

    /// <summary>Starts it, and does not wait for anything.</summary>
    /// <param name="before">A command that is to start it, with its arguments.</param>
    public void Launch(params string[] before)
    {
        string[] command = [.. Tool.WithDefaultSignals, .. before, "dotnet", HostProgram, .. AppFolder is null ? [] : (string[])[AppFolder], .. Options];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(IsNotInherited).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;

        host?.Dispose();
        lines.Clear();
        workerId = 0;
        host = Process.Start(start)!;
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.OutputDataReceived += (_, line) => Keep(line.Data, listening);
        host.ErrorDataReceived += (_, line) => Keep(line.Data, listening);
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        ready = Task.WhenAny(listening.Task, host.WaitForExitAsync());
    }

    /// <summary>Waits until what was launched answers.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it said.</exception>
    public async Task ReadyAsync()
    {
        try
        {
            await ready.WaitAsync(Eventually.Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The app does not start. It said:\n{Output}");
        }

        if (host!.HasExited)
            throw new InvalidOperationException($"The host ended with exit code {host.ExitCode}. It said:\n{Output}");
    }

    /// <summary>Ends the host at once, as <c>kill -9</c> does, and waits until its worker has gone by itself.</summary>
    /// <exception cref="TimeoutException">The worker outlives its host.</exception>
    public Task KillHostAsync()
    {
        host!.Kill();
        return GoneAsync();
    }

    /// <summary>Ends the worker at once; the host starts another.</summary>
    public void KillWorker()
    {
        try
        {
            using var worker = Process.GetProcessById(workerId);
            worker.Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has gone already.
        }
    }

    /// <summary>Ends host and worker at once.</summary>
    public Task KillBothAsync()
    {
        host!.Kill();
        KillWorker();
        return GoneAsync();
    }

    /// <summary>Sends the host a signal.</summary>
    /// <param name="name">TERM, INT or another one that the command <c>kill</c> knows.</param>
    public Task SignalAsync(string name) => SignalAsync(name, HostId);

    /// <summary>Sends a process a signal; a process group where the number is negative. It may have ended.</summary>
    public static async Task SignalAsync(string name, int processId)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", "--", processId.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until the host has ended.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It runs on; the message has what it said.</exception>
    public async Task<int> ExitAsync()
    {
        try
        {
            await host!.WaitForExitAsync().WaitAsync(Eventually.Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The host does not end. It said:\n{Output}");
        }

        return host.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsRunning)
        {
            host!.Kill();
            KillWorker();
        }

        host?.Dispose();
    }

    [GeneratedRegex(@"The worker is process (\d+)")]
    private static partial Regex WorkerLine();

    private static bool IsNotInherited(string name) => NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private async Task GoneAsync()
    {
        await ExitAsync();
        var worker = workerId;
        await Eventually.GetAsync(
            () => Task.FromResult(worker != 0 && Exists(worker)), exists => !exists, $"the worker {worker} to end after its host");
    }

    private void Keep(string? line, TaskCompletionSource listening)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        while (lines.Count > LinesKept)
            lines.TryDequeue(out _);
        if (WorkerLine().Match(line) is { Success: true } match)
            workerId = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (line.Contains("Listening on ", StringComparison.Ordinal))
            listening.TrySetResult();
    }
}
