using System.Diagnostics;
using System.Globalization;
using System.Net;
using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>The host as a program, with the probe as its app.</summary>
internal sealed class HostProgram : IDisposable
{
    private readonly AppProgram program;

    public HostProgram(string? storage = null)
    {
        program = new AppProgram(ProbeFolder, storage);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = BaseAddress, Timeout = Eventually.Limit };
        // Nobody asks for a token, and nothing is written beside the repository.
        Settings["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production";
        Settings["Probe__Folder"] = Notes.Folder;
        Settings["Probe__Schedule"] = "0 0 0 1 1 *"; // once a year, unless a test wants it otherwise
    }

    /// <summary>The output folder of the probe, which is built as the tests are.</summary>
    public static string ProbeFolder { get; } = AppProgram.OutputOf("tools/FunctionsHost.Probe");

    /// <inheritdoc cref="AppProgram.BaseAddress"/>
    public Uri BaseAddress => program.BaseAddress;

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>What the probe notes.</summary>
    public Notes Notes { get; } = new();

    /// <inheritdoc cref="AppProgram.Settings"/>
    public Dictionary<string, string> Settings => program.Settings;

    /// <inheritdoc cref="AppProgram.AppFolder"/>
    public string? AppFolder { get => program.AppFolder; set => program.AppFolder = value; }

    /// <inheritdoc cref="AppProgram.Options"/>
    public string[] Options { get => program.Options; set => program.Options = value; }

    /// <inheritdoc cref="AppProgram.HostId"/>
    public int ProcessId => program.HostId;

    /// <inheritdoc cref="AppProgram.Output"/>
    public string Output => program.Output;

    /// <summary>The process of the worker that was started last.</summary>
    public int WorkerId => int.Parse(Notes.Lines("started")[^1], CultureInfo.InvariantCulture);

    /// <summary>Ends a process as <c>kill -9</c> does.</summary>
    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>Waits until a process is gone.</summary>
    public static Task UntilGoneAsync(int processId) =>
        Eventually.GetAsync(() => Task.FromResult(AppProgram.Exists(processId)), exists => !exists, $"the end of process {processId}");

    /// <inheritdoc cref="AppProgram.StartAsync"/>
    public Task StartAsync() => program.StartAsync();

    /// <inheritdoc cref="AppProgram.Launch"/>
    public void Launch(params string[] before) => program.Launch(before);

    /// <inheritdoc cref="AppProgram.ReadyAsync"/>
    public Task ReadyAsync() => program.ReadyAsync();

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
        Eventually.GetAsync(
            () => Task.FromResult(Output), output => output.Contains(text, StringComparison.Ordinal), $"'{text}' on the console");

    /// <summary>Starts it, which is to fail.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync()
    {
        Launch();
        return (await ExitAsync(), Output);
    }

    /// <inheritdoc cref="AppProgram.SignalAsync(string)"/>
    public Task SignalAsync(string name) => program.SignalAsync(name);

    /// <inheritdoc cref="AppProgram.ExitAsync"/>
    public Task<int> ExitAsync() => program.ExitAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        program.Dispose();
        var workers = Notes.Lines("started").Select(line => int.Parse(line, CultureInfo.InvariantCulture));
        foreach (var worker in workers.Where(AppProgram.Exists))
            Eventually.GetAsync(() => Task.FromResult(AppProgram.Exists(worker)), exists => !exists, "the end of the worker").Wait();
        Client.Dispose();
        Notes.Dispose();
    }
}
