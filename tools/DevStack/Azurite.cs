using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>
/// A process of the Azurite that package.json pins: blob, queue and table storage. It is in a session of its own, and ends
/// in order when this process has gone, however that went.
/// </summary>
internal sealed class Azurite : IAsyncDisposable
{
    private const int ErrorsKept = 20;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly AzuriteOptions _options;
    private readonly StreamWriter _lifeline;
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly TaskCompletionSource<int> _pid = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Azurite(AzuriteOptions options)
    {
        _options = options;
        var launcher = NodeModules.Start(new ProcessStartInfo("node")
        {
            WorkingDirectory = options.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NODE_NO_WARNINGS"] = "1" },
            ArgumentList =
            {
                "-e", AzuriteScripts.Launch, "--", "-e", AzuriteScripts.Serve, "--",
                Path.Combine(options.Root, "node_modules", "azurite", "dist", "src", "azurite.js"),
                "--blobHost", "127.0.0.1", "--blobPort", $"{options.Ports.Blob}",
                "--queueHost", "127.0.0.1", "--queuePort", $"{options.Ports.Queue}",
                "--tableHost", "127.0.0.1", "--tablePort", $"{options.Ports.Table}",
                "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                options.InMemory ? "--inMemoryPersistence" : $"--location={options.Folder}",
            },
        });
        _lifeline = launcher.StandardInput;
        launcher.OutputDataReceived += (_, line) => Hear(line.Data ?? "");
        launcher.ErrorDataReceived += (_, line) => HearError(line.Data ?? "");
        launcher.BeginOutputReadLine();
        launcher.BeginErrorReadLine();
        Ended = EndAsync(launcher);
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended { get; }

    /// <summary>What it has complained of.</summary>
    public string Errors => string.Join(' ', _errors).Trim();

    /// <summary>The process's number.</summary>
    public int ProcessId => _pid.Task.Result;

    /// <summary>Starts it, installing it first where it is not there, and waits until it answers.</summary>
    /// <exception cref="HostStartException">It does not start; the message says why.</exception>
    public static async Task<Azurite> StartAsync(AzuriteOptions options, CancellationToken cancellationToken = default)
    {
        await new NodeModules(options.Root, options.LocalFolder).EnsureAsync(options.Say, cancellationToken);
        Directory.CreateDirectory(options.Folder);
        await AzuriteNote.WaitForEndAsync(options.Folder, cancellationToken);
        var azurite = new Azurite(options);
        try
        {
            await azurite.ReadyAsync(cancellationToken);
            return azurite;
        }
        catch
        {
            await azurite.StopAsync();
            throw;
        }
    }

    /// <summary>Ends it in order: what it holds is saved. One that takes long is left to it, and the folder's next start waits for it.</summary>
    public async Task StopAsync()
    {
        try
        {
            if (_pid.Task.IsCompletedSuccessfully && !Ended.IsCompleted)
                AzuriteNote.WriteClosing(_options.Folder, ProcessId);
            _lifeline.Close();
            await Ended.WaitAsync(StopLimit);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            // It ends by itself: its input is closed.
        }
    }

    /// <summary>Ends it at once. It loses what it has not saved yet: up to the last five seconds.</summary>
    public async Task KillAsync()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            if (!Ended.IsCompleted)
                process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended.
        }

        await Ended;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    // The launcher ends at once, but Azurite has its output: that ends with Azurite, and is waited for too.
    private static async Task EndAsync(Process launcher)
    {
        await launcher.WaitForExitAsync();
        launcher.Dispose();
    }

    private void Hear(string line)
    {
        if (line.StartsWith(AzuriteScripts.ProcessPrefix, StringComparison.Ordinal))
            _pid.TrySetResult(int.Parse(line[AzuriteScripts.ProcessPrefix.Length..], CultureInfo.InvariantCulture));
        else if (line == AzuriteScripts.Ready)
            _ready.TrySetResult();
    }

    private void HearError(string line)
    {
        _errors.Enqueue(line);
        if (_errors.Count > ErrorsKept)
            _errors.TryDequeue(out _);
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(_pid.Task, Ended).WaitAsync(StartLimit, cancellationToken);
            if (_pid.Task.IsCompleted)
                AzuriteNote.Write(_options.Folder, ProcessId);
            await Task.WhenAny(_ready.Task, Ended).WaitAsync(StartLimit, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new HostStartException($"Azurite does not answer. {Errors}".TrimEnd());
        }

        if (Ended.IsCompleted)
            throw new HostStartException($"Azurite ended instead of answering. {Errors}".TrimEnd());
    }
}
