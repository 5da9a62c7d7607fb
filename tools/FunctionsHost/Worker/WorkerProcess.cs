using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace CloudRewind.FunctionsHost.Worker;

/// <summary>The app's own process, started with the arguments and the environment that the Azure Functions host gives a worker.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process process;

    private WorkerProcess(Process process, string id)
    {
        this.process = process;
        Id = id;
        Exited = process.WaitForExitAsync();
    }

    /// <summary>The id by which the worker's stream is told from others.</summary>
    public string Id { get; }

    /// <summary>The operating system's number for the process.</summary>
    public int ProcessId => process.Id;

    /// <summary>Completes once the process has ended and all that it wrote has been passed on.</summary>
    public Task Exited { get; }

    /// <summary>The exit code of a process that has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Starts the process. What it writes goes to this process's own standard output and error.</summary>
    /// <param name="settings">Where the app is.</param>
    /// <param name="grpc">Where the host takes the worker's stream.</param>
    /// <param name="workerSettings">Environment variables for the worker alone.</param>
    /// <exception cref="HostStartException">worker.config.json is invalid, or its program is missing.</exception>
    public static WorkerProcess Start(HostSettings settings, Uri grpc, IReadOnlyDictionary<string, string> workerSettings)
    {
        var (executable, app) = ReadConfig(settings.AppFolder);
        var (workerId, requestId) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var start = new ProcessStartInfo(executable)
        {
            WorkingDirectory = settings.AppFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                app,
                "--host",
                grpc.Host,
                "--port",
                $"{grpc.Port}",
                "--workerId",
                workerId,
                "--requestId",
                requestId,
                "--grpcMaxMessageLength",
                $"{int.MaxValue}",
                "--functions-uri", grpc.AbsoluteUri, "--functions-worker-id", workerId, "--functions-request-id", requestId,
                "--functions-grpc-max-message-length", $"{int.MaxValue}",
            },
            Environment =
            {
                ["FUNCTIONS_APPLICATION_DIRECTORY"] = settings.AppFolder,
                ["FUNCTIONS_WORKER_DIRECTORY"] = settings.AppFolder,
                ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
                [StartupHook.DebuggerVariable] = settings.WaitForDebugger ? "true" : "false",
            },
        };
        foreach (var (name, value) in workerSettings)
            start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Pass(Console.Out, line.Data);
        process.ErrorDataReceived += (_, line) => Pass(Console.Error, line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new HostStartException(
                $"The worker's program '{executable}' could not be started ({error.Message}); " +
                "install the .NET SDK or runtime, and see that it is on the PATH.");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new WorkerProcess(process, workerId);
    }

    /// <summary>Waits for the end of a process that was asked to end, and ends one that does not.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        try
        {
            await Exited.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited;
        }
    }

    /// <summary>Ends the process at once.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => process.Dispose();

    private static (string Executable, string App) ReadConfig(string appFolder)
    {
        var file = Path.Combine(appFolder, "worker.config.json");
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllText(file));
            var description = config.RootElement.GetProperty("description");
            var executable = description.GetProperty("defaultExecutablePath").GetString()!;
            return (
                executable.Replace("{WorkerRoot}", appFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal),
                Path.Combine(appFolder, description.GetProperty("defaultWorkerPath").GetString()!));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            throw new HostStartException($"{file} cannot be read: {error.Message}");
        }
    }

    private static void Pass(TextWriter console, string? line)
    {
        if (line is not null)
            console.WriteLine(line);
    }
}
