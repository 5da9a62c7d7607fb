using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>The app as a program: started with settings in its environment, ended as only a process can be, started again on the same port.</summary>
internal sealed class AppProcess : IDisposable
{
    private const int LinesKept = 300;

    // A developer's own settings must not change what is tested. A blank one counts as absent, in the environment and so in local.settings.json.
    private static readonly string[] KnownSettings =
    [
        "Auth__Authority", "Auth__Audience", "Auth__Issuer", "Auth__Jwks", "Aws__ServiceUrl", "Capture__MaxConcurrency", "Capture__PollInterval",
        "Capture__Provider", "Capture__TimeLimit", "Cors__AllowedOrigins", "Retention__Default", "Retention__PruneRetryInterval", "Simulation__StepTime",
        "Storage__ConnectionString", "Storage__TablesEndpoint", "Watchdog__Patience",
    ];

    private readonly ConcurrentQueue<string> lines = new();
    private readonly string program;
    private Process? process;

    /// <param name="settings">Environment variables; the last of a name counts.</param>
    /// <param name="program">The app's assembly, where it is not the one that was built with the tests.</param>
    public AppProcess(IEnumerable<(string Name, string Value)> settings, string? program = null)
    {
        this.program = program ?? BuiltProgram;
        BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}");
        foreach (var name in KnownSettings)
            Settings[name] = "";
        Settings["ASPNETCORE_URLS"] = BaseAddress.OriginalString;
        Settings["Logging__LogLevel__Default"] = "Information";
        foreach (var (name, value) in settings)
            Settings[name] = value;
    }

    /// <summary>The assembly that was built with the tests, in the same configuration.</summary>
    public static string BuiltProgram { get; } = Path.Combine(
        Repository.Root,
        "src",
        "CloudRewind.Functions",
        "bin",
        typeof(AppProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "CloudRewind.Functions.dll");

    public Uri BaseAddress { get; }

    /// <summary>What the next start sets.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>What it has said last, on either stream.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it said.</exception>
    public async Task StartAsync()
    {
        var listening = new TaskCompletionSource();
        var ended = Launch(line =>
        {
            if (line.Contains("Listening on ", StringComparison.Ordinal))
                listening.TrySetResult();
        });
        try
        {
            await Task.WhenAny(listening.Task, ended).WaitAsync(Eventually.Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The app does not start. It said:\n{Output}");
        }

        if (!listening.Task.IsCompleted)
            throw new InvalidOperationException($"The app ended with exit code {await ended}. It said:\n{Output}");
    }

    /// <summary>Starts it where it is not to keep running.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunToEndAsync()
    {
        try
        {
            return await Launch(_ => { }).WaitAsync(Eventually.Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The app does not end. It said:\n{Output}");
        }
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
    }

    /// <summary>Asks it to end, as Ctrl+C or a host does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopGracefullyAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(Eventually.Limit);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
            Kill();
        process?.Dispose();
    }

    private Task<int> Launch(Action<string> said)
    {
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AzureWebJobsStorage", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;

        process?.Dispose();
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return ExitCodeAsync(process);

        void Keep(string? line)
        {
            if (line is null)
                return;
            lines.Enqueue(line);
            while (lines.Count > LinesKept)
                lines.TryDequeue(out _);
            said(line);
        }
    }

    private static async Task<int> ExitCodeAsync(Process process)
    {
        await process.WaitForExitAsync(); // and until both streams have ended
        return process.ExitCode;
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
