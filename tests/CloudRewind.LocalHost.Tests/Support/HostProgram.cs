using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using CloudRewind.TestSupport;

namespace CloudRewind.LocalHost.Tests.Support;

/// <summary>The host as a program, with the probe as its app.</summary>
internal sealed class HostProgram : IDisposable
{
    private static readonly string[] s_ofDeveloper = ["AzureWebJobsStorage", "AzureFunctionsJobHost", "AZURE_FUNCTIONS_ENVIRONMENT", "ASPNETCORE_URLS", "FUNCTIONS_"];

    private readonly ConcurrentQueue<string> _lines = new();
    private Process? _process;
    private Task _listening = Task.CompletedTask;

    public HostProgram(string? storage = null)
    {
        Options = ["--urls", BaseAddress.OriginalString];
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = BaseAddress, Timeout = Eventually.Limit };
        Settings = new()
        {
            // Nobody asks for a token, and nothing is written beside the repository.
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
            ["Probe__Folder"] = Notes.Folder,
            ["Probe__Schedule"] = "0 0 0 1 1 *", // Once a year, unless a test wants it otherwise.
        };
        if (storage is not null)
            Settings["AzureWebJobsStorage"] = storage;
    }

    /// <summary>The output folder of the probe, which is built as the tests are.</summary>
    public static string ProbeFolder { get; } = Path.Combine(
        Repository.Root, "tests", "CloudRewind.LocalHost.Probe",
        Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "CloudRewind.LocalHost.Tests"), Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    /// <summary>Where it answers.</summary>
    public Uri BaseAddress { get; } = new($"http://127.0.0.1:{FreePort.Take()}");

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>What the probe notes.</summary>
    public Notes Notes { get; } = new();

    /// <summary>The environment variables of the next start.</summary>
    public Dictionary<string, string> Settings { get; }

    /// <summary>The app of the next start; null for none.</summary>
    public string? AppFolder { get; set; } = ProbeFolder;

    /// <summary>The options of the next start.</summary>
    public string[] Options { get; set; }

    /// <summary>The host's process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>What it and its worker have said.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>The process of the worker that was started last.</summary>
    public int WorkerId => int.Parse(Notes.Lines("started")[^1], CultureInfo.InvariantCulture);

    /// <summary>Whether a process is there.</summary>
    public static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Ends a process as <c>kill -9</c> does.</summary>
    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>Waits until a process is gone.</summary>
    public static Task UntilGoneAsync(int processId) =>
        Eventually.GetAsync(() => Task.FromResult(IsRunning(processId)), running => !running, $"the end of process {processId}");

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        Launch();
        await ReadyAsync();
    }

    /// <summary>Starts it, and waits for nothing.</summary>
    /// <param name="before">A command that is to start it, with its arguments.</param>
    public void Launch(params string[] before)
    {
        string[] command = [.. before, "dotnet", typeof(HostStartException).Assembly.Location, .. AppFolder is null ? [] : (string[])[AppFolder], .. Options];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => s_ofDeveloper.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;

        _process?.Dispose();
        _lines.Clear();
        _process = Process.Start(start)!;
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _listening = listening.Task;

        void Keep(string? line)
        {
            if (line is null)
                return;
            _lines.Enqueue(line);
            if (line.Contains("Listening on ", StringComparison.Ordinal))
                listening.TrySetResult();
        }
    }

    /// <summary>Waits until it answers.</summary>
    public async Task ReadyAsync()
    {
        var ended = _process!.WaitForExitAsync();
        if (await Task.WhenAny(_listening, ended, Task.Delay(Eventually.Limit)) != _listening)
            throw new InvalidOperationException($"The host {(ended.IsCompleted ? "ended" : "does not start")}. It said:\n{Output}");
    }

    /// <summary>Waits until its worker answers: one that is new takes its time.</summary>
    /// <returns>The worker's process.</returns>
    public async Task<int> UntilWorkerAnswersAsync()
    {
        var answer = await Eventually.GetAsync(
            async () =>
            {
                using var response = await Client.GetAsync("api/process");
                return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
            },
            answer => answer.StatusCode == HttpStatusCode.OK,
            "a worker that answers");
        return int.Parse(answer.Body, CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until it has said something.</summary>
    public Task UntilSaidAsync(string text) =>
        Eventually.GetAsync(() => Task.FromResult(Output), output => output.Contains(text, StringComparison.Ordinal), $"'{text}' on the console");

    /// <summary>Starts it, which is to fail.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync()
    {
        Launch();
        return (await ExitAsync(), Output);
    }

    /// <summary>Sends it a signal, such as TERM.</summary>
    public Task SignalAsync(string name) => SignalAsync(name, ProcessId);

    /// <summary>Sends a process a signal; a process group where the number is negative.</summary>
    public static async Task SignalAsync(string name, int processId) =>
        Assert.Equal(0, (await Tool.RunAsync("kill", [$"-{name}", "--", processId.ToString(CultureInfo.InvariantCulture)], Repository.Root)).ExitCode);

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        try
        {
            await _process!.WaitForExitAsync().WaitAsync(Eventually.Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The host does not end. It said:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        foreach (var worker in Notes.Lines("started").Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(IsRunning))
            Eventually.GetAsync(() => Task.FromResult(IsRunning(worker)), running => !running, "the end of the worker").Wait();
        _process?.Dispose();
        Client.Dispose();
        Notes.Dispose();
    }
}
