using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CloudRewind.LocalHost.Development;

/// <summary>Azurite's table service as a child process, from the version that package.json pins.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    // Azurite saves what it holds only when it closes in order, and only SIGINT makes it do so. Closing its standard input
    // stands for that here, so that it also closes when this process is killed; the terminal's own Ctrl+C must not reach
    // it, because the app still writes while it stops.
    private const string Launcher =
        """
        let close = () => process.exit();
        const once = process.once.bind(process);
        process.once = (name, handler) => name === 'SIGINT' ? (close = handler, process) : once(name, handler);
        for (const stream of [process.stdout, process.stderr, process.stdin]) stream.on('error', () => {});
        const end = () => { setTimeout(() => process.exit(), 15000).unref(); close(); close = () => {}; };
        process.on('SIGINT', () => {});
        process.on('SIGTERM', end);
        process.stdin.on('end', end).on('close', end).resume();
        require(process.argv[1]);
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);
    private static readonly HttpClient s_http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    private readonly AzuriteOptions _options;
    private Process? _process;

    private Azurite(AzuriteOptions options, int port)
    {
        _options = options;
        Port = port;
    }

    /// <summary>The port that the table service listens on.</summary>
    public int Port { get; }

    /// <summary>The table endpoint of the development account.</summary>
    public Uri TableEndpoint => new($"http://127.0.0.1:{Port}/devstoreaccount1");

    /// <summary>Starts Azurite, installing it first where it is not there yet, and waits until it answers.</summary>
    /// <exception cref="HostStartException">It does not start; the message says why.</exception>
    public static async Task<Azurite> StartAsync(AzuriteOptions options, CancellationToken cancellationToken = default)
    {
        await NodeModules.EnsureAzuriteAsync(options.Root, options.Say, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var azurite = new Azurite(options, options.Port == 0 ? FreePort() : options.Port);
            try
            {
                await azurite.LaunchAsync(cancellationToken);
                return azurite;
            }
            catch (HostStartException) when (options.Port == 0 && attempt < 3)
            {
                // Another process was faster to take the free port.
            }
        }
    }

    /// <summary>Whether Azurite's table service answers on the port.</summary>
    public static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await s_http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken);
            return response.Headers.Server.ToString().StartsWith("Azurite-Table", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Starts it again on the same port and folder, after <see cref="StopAsync"/> or <see cref="Kill"/>.</summary>
    public Task RestartAsync(CancellationToken cancellationToken = default) => LaunchAsync(cancellationToken);

    /// <summary>Ends it in order: what it holds is saved. One that takes long is left to it, and the folder's next start waits for it.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process)
            return;
        try
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopLimit);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // It ends by itself: its input is closed.
        }

        process.Dispose();
    }

    /// <summary>Ends it at once. It loses what it has not saved yet: up to the last five seconds.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process)
            return;
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(StopLimit);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        process.Dispose();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var folder = _options.DataFolder;
        Directory.CreateDirectory(folder);
        await AzuriteNote.WaitForEndAsync(folder, cancellationToken);
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-e", Launcher, "--", NodeModules.AzuriteTable(_options.Root),
                "--tableHost", "127.0.0.1", "--tablePort", $"{Port}",
                "--silent", "--skipApiVersionCheck", "--disableTelemetry",
            },
        };
        foreach (var argument in _options.InMemory ? ["--inMemoryPersistence"] : new[] { "--location", folder })
            start.ArgumentList.Add(argument);

        var process = NodeModules.Start(start);
        var errors = new List<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
                errors.Add(line.Data ?? "");
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        AzuriteNote.Write(folder, process.Id);

        try
        {
            var begun = Stopwatch.StartNew();
            while (!await AnswersAsync(Port, cancellationToken))
            {
                if (process.HasExited || begun.Elapsed > StartLimit)
                    throw new HostStartException(NoAnswer(errors));
                await Task.Delay(50, cancellationToken);
            }

            // What answers may be another process that holds the port: then this one is about to fail.
            if (process.HasExited)
                throw new HostStartException(NoAnswer(errors));
        }
        catch
        {
            Kill();
            throw;
        }
    }

    private string NoAnswer(List<string> errors)
    {
        lock (errors)
            return $"Azurite does not answer on port {Port}. {string.Join(' ', errors)}".TrimEnd();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
