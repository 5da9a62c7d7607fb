using System.Diagnostics;
using System.Net;
using CloudRewind.FunctionsHost.Protocol;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CloudRewind.FunctionsHost.Worker;

/// <summary>
/// Keeps one worker up: starts it, starts another where it ends by itself, and ends it when the host stops. One loop
/// owns the process, so that none is left over.
/// </summary>
internal sealed class WorkerSupervisor(HostSettings settings, ILoggerFactory logs)
{
    private const int MaxAttempts = 3;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stop = new();
    private readonly WorkerStreams streams = new();
    private readonly ILogger log = logs.CreateLogger<WorkerSupervisor>();
    private IReadOnlyDictionary<string, string> workerSettings = new Dictionary<string, string>();
    private WebApplication? server;
    private Task run = Task.CompletedTask;
    private volatile TaskCompletionSource<WorkerChannel> current = NewSource();
    private volatile Up? up;

    /// <summary>A worker that ended could not be replaced, and the host is of no use.</summary>
    public event Action<HostStartException>? Failed;

    /// <summary>The functions of the app, once it has started.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    /// <summary>The worker; waits while one is being started.</summary>
    public Task<WorkerChannel> CurrentAsync(CancellationToken cancellationToken) => current.Task.WaitAsync(cancellationToken);

    /// <summary>Starts the worker, and waits until it takes invocations.</summary>
    /// <param name="workerSettings">Environment variables for the worker alone.</param>
    /// <param name="cancellationToken">Ends the start; the process too.</param>
    /// <exception cref="HostStartException">It does not start; the message says why.</exception>
    public async Task StartAsync(IReadOnlyDictionary<string, string> workerSettings, CancellationToken cancellationToken)
    {
        this.workerSettings = workerSettings;
        server = await StartServerAsync(cancellationToken);
        await using var cancelling = cancellationToken.Register(stop.Cancel);
        var started = NewSource();
        run = RunAsync(started);
        Functions = (await started.Task).Functions;
    }

    /// <summary>Ends the worker in which this invocation still runs; another is started.</summary>
    public void EndWorkerOf(string invocationId)
    {
        if (up is var (process, channel) && channel.IsRunning(invocationId))
            process.Kill();
    }

    /// <summary>Ends the worker in order, and waits for its end.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await run;
        if (server is not null)
            await server.DisposeAsync();
    }

    private static TaskCompletionSource<WorkerChannel> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(TaskCompletionSource<WorkerChannel> started)
    {
        for (var failures = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                await RunOneAsync(channel =>
                {
                    failures = 0;
                    started.TrySetResult(channel);
                });
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // What did not come up was not to stay up.
            }
            catch (Exception error)
            {
                var failure = error as HostStartException ?? new HostStartException($"The worker does not start: {error.Message}", error);
                if (started.TrySetException(failure))
                    return;
                if (++failures >= MaxAttempts)
                {
                    current.TrySetException(failure);
                    Failed?.Invoke(failure);
                    return;
                }

                log.LogError("{Message}", failure.Message);
                await Task.Delay(RetryInterval, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        started.TrySetCanceled(stop.Token);
        current.TrySetCanceled(stop.Token);
    }

    /// <summary>The whole life of one worker process.</summary>
    private async Task RunOneAsync(Action<WorkerChannel> isUp)
    {
        using var process = WorkerProcess.Start(settings, AddressOf(server!), workerSettings);
        WorkerChannel channel;
        try
        {
            channel = await OpenAsync(process);
        }
        catch
        {
            await process.StopAsync(TimeSpan.Zero);
            throw;
        }

        log.LogInformation("The worker is process {ProcessId}", process.ProcessId);
        var upSince = Stopwatch.GetTimestamp();
        up = new Up(process, channel);
        current.TrySetResult(channel);
        isUp(channel);

        await Task.WhenAny(process.Exited, channel.Ended, Task.Delay(Timeout.Infinite, stop.Token));
        current = NewSource(); // before those that wait for the old one are told: who asks again gets the next
        if (stop.IsCancellationRequested)
            channel.Terminate(Grace);
        await process.StopAsync(Grace);
        if (!stop.IsCancellationRequested)
            log.LogError("The worker ended with exit code {ExitCode}; another is started", process.ExitCode);
        channel.Fail(new WorkerProcessExitException(process.ExitCode));
        // One that ends over and over is not to keep the machine busy.
        if (Stopwatch.GetElapsedTime(upSince) < ShortLife)
            await Task.Delay(RetryInterval, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<WorkerChannel> OpenAsync(WorkerProcess process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        if (!settings.WaitForDebugger)
            limit.CancelAfter(HandshakeLimit);
        var opening = OpenStreamAsync();
        await Task.WhenAny(opening, process.Exited);
        if (process.Exited.IsCompleted)
        {
            await limit.CancelAsync();
            throw new HostStartException($"The worker ended with exit code {process.ExitCode} before it had started; it says why above.");
        }

        try
        {
            return await opening;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new HostStartException($"The worker did not start within {HandshakeLimit.TotalSeconds:0} seconds.");
        }

        async Task<WorkerChannel> OpenStreamAsync()
        {
            var stream = await streams.ExpectAsync(process.Id).WaitAsync(limit.Token);
            return await WorkerChannel.OpenAsync(stream, settings.AppFolder, logs, limit.Token);
        }
    }

    private async Task<WebApplication> StartServerAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddRouting();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = int.MaxValue);
        builder.Services.AddSingleton(streams);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var server = builder.Build();
        server.MapGrpcService<WorkerStreams>();
        await server.StartAsync(cancellationToken);
        return server;
    }

    private static Uri AddressOf(WebApplication server) =>
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private sealed record Up(WorkerProcess Process, WorkerChannel Channel);

    /// <summary>Signals are the host's; this server is stopped by it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
