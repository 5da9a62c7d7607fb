using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>
/// A process of the Azurite that package.json pins. It saves and ends when this process ends, however that happens;
/// <c>serve-azurite.js</c> says how.
/// </summary>
internal sealed class Azurite : IAsyncDisposable
{
    private const int ErrorsKept = 20;
    private const string ReadyPrefix = "ready ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SaveLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly StreamWriter input;
    private readonly ConcurrentQueue<string> errors = [];
    private readonly TaskCompletionSource<int> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Azurite(AzuriteOptions options)
    {
        var process = NodeModules.Start(new ProcessStartInfo("node")
        {
            WorkingDirectory = options.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NODE_NO_WARNINGS"] = "1" },
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "serve-azurite.js"),
                options.Folder,
                Path.Combine(options.Root, "node_modules", "azurite", "dist", "src", "azurite.js"),
                "--blobHost", "127.0.0.1", "--blobPort", $"{options.Ports.Blob}",
                "--queueHost", "127.0.0.1", "--queuePort", $"{options.Ports.Queue}",
                "--tableHost", "127.0.0.1", "--tablePort", $"{options.Ports.Table}",
                "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                options.InMemory ? "--inMemoryPersistence" : $"--location={options.Folder}",
            },
        });
        input = process.StandardInput;
        process.OutputDataReceived += (_, line) => OnLine(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => OnErrorLine(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = EndAsync(process);
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended { get; }

    /// <summary>The last lines of its standard error.</summary>
    public string Errors => string.Join(' ', errors).Trim();

    /// <summary>Starts Azurite and waits until it answers. Installs it if it is missing.</summary>
    /// <exception cref="HostStartException">Azurite does not start.</exception>
    public static async Task<Azurite> StartAsync(AzuriteOptions options, CancellationToken cancellationToken = default)
    {
        await new NodeModules(options.Root, Path.Combine(options.Root, ".local")).EnsureAsync(options.Log, cancellationToken);
        Directory.CreateDirectory(options.Folder);
        await WaitUntilSavedAsync(Path.Combine(options.Folder, "azurite.pid"), cancellationToken);
        var azurite = new Azurite(options);
        try
        {
            await Task.WhenAny(azurite.ready.Task, azurite.Ended).WaitAsync(StartLimit, cancellationToken);
            return azurite.ready.Task.IsCompleted
                ? azurite
                : throw new HostStartException(
                    $"Azurite ended instead of answering. {azurite.Errors} End the program that uses its ports ({options.Ports}), " +
                    "or set AzureWebJobsStorage to a storage account's connection string.");
        }
        catch (Exception error)
        {
            await azurite.StopAsync();
            throw error is TimeoutException ? new HostStartException($"Azurite does not answer. {azurite.Errors}".TrimEnd()) : error;
        }
    }

    /// <summary>Lets it save and end. If that takes longer than three seconds, the next start in the folder waits for it.</summary>
    public async Task StopAsync()
    {
        try
        {
            input.Close();
            await Ended.WaitAsync(StopLimit);
        }
        catch (Exception error) when (error is TimeoutException or IOException)
        {
            // It ends by itself, because its standard input has ended.
        }
    }

    /// <summary>Kills it. Writes of up to the last five seconds are lost.</summary>
    public async Task KillAsync()
    {
        try
        {
            using var process = Process.GetProcessById(ready.Task.Result);
            if (!Ended.IsCompleted)
                process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended.
        }

        await Ended;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    // The next Azurite must not read the folder before the last one has saved.
    private static async Task WaitUntilSavedAsync(string pidFile, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < SaveLimit && IsRunning(); waited += Pause)
            await Task.Delay(Pause, cancellationToken);

        bool IsRunning()
        {
            try
            {
                return int.TryParse(File.ReadAllText(pidFile), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var pid)
                    && RunningProcess.Exists(pid);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    // The first process ends at once. Azurite inherits its output, which ends with Azurite and is waited for too.
    private static async Task EndAsync(Process process)
    {
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void OnLine(string line)
    {
        if (line.StartsWith(ReadyPrefix, StringComparison.Ordinal))
            ready.TrySetResult(int.Parse(line[ReadyPrefix.Length..], CultureInfo.InvariantCulture));
    }

    private void OnErrorLine(string line)
    {
        errors.Enqueue(line);
        if (errors.Count > ErrorsKept)
            errors.TryDequeue(out _);
    }
}
