using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CloudRewind.TestSupport;

/// <summary>
/// An app on the local runtime as a program: it can be killed as only a process can, and started again on the same port.
/// </summary>
public sealed class AppProgram : IDisposable
{
    private const string StorageName = "AzureWebJobsStorage";
    private const int LinesKept = 300;

    private readonly ConcurrentQueue<string> lines = new();
    private readonly string assembly;
    private Process? process;
    private Task ready = Task.CompletedTask;

    /// <param name="assembly">The program's path.</param>
    /// <param name="connectionString">Its storage; where there is none, it looks for one by itself.</param>
    public AppProgram(string assembly, string? connectionString = null)
    {
        this.assembly = assembly;
        BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}/");
        Settings["ASPNETCORE_URLS"] = BaseAddress.OriginalString;
        if (connectionString is not null)
            Settings[StorageName] = connectionString;
    }

    /// <summary>Where it answers.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The environment variables of the next start.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Its number.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Whether it is there.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>The memory that it holds, in bytes.</summary>
    public long Memory => Refreshed.WorkingSet64;

    /// <summary>The most memory that it has held, in bytes.</summary>
    public long PeakMemory => Refreshed.PeakWorkingSet64;

    /// <summary>What it has used of all cores.</summary>
    public TimeSpan ProcessorTime => Refreshed.TotalProcessorTime;

    /// <summary>What it has said last, on either stream.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it said.</exception>
    public Task StartAsync()
    {
        Launch();
        return ReadyAsync();
    }

    /// <summary>Starts it, and does not wait for anything.</summary>
    public void Launch()
    {
        var start = new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A developer's own storage must not be what is tested on.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(StorageName, StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;

        process?.Dispose();
        process = Process.Start(start)!;
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Keep(line.Data, listening);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, listening);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        ready = Task.WhenAny(listening.Task, process.WaitForExitAsync());
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

        if (process!.HasExited)
            throw new InvalidOperationException($"The app ended with exit code {process.ExitCode}. It said:\n{Output}");
    }

    /// <summary>Starts another process of the same program and settings, which is not to keep running.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int ExitCode, string Output)> RunSecondAsync()
    {
        using var second = new AppProgram(assembly, Settings[StorageName]);
        second.Launch();
        return (await second.ExitAsync(), second.Output);
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="name">TERM, INT or another one that the command <c>kill</c> knows.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <param name="limit">How long at most; <see cref="Eventually.Limit"/> where nothing is said.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It runs on; the message has what it said.</exception>
    public async Task<int> ExitAsync(TimeSpan? limit = null)
    {
        try
        {
            await process!.WaitForExitAsync().WaitAsync(limit ?? Eventually.Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The app does not end. It said:\n{Output}");
        }

        return process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsRunning)
            Kill();
        process?.Dispose();
    }

    private Process Refreshed
    {
        get
        {
            process!.Refresh();
            return process;
        }
    }

    private void Keep(string? line, TaskCompletionSource listening)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        while (lines.Count > LinesKept)
            lines.TryDequeue(out _);
        if (line.Contains("Listening on ", StringComparison.Ordinal))
            listening.TrySetResult();
    }

    // Below the range that systems take for outgoing connections: a port of those could be gone between an end and the next start.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
