using System.Diagnostics;
using System.Runtime.InteropServices;
using CloudRewind.FunctionsHost.Http;
using CloudRewind.FunctionsHost.Timers;
using CloudRewind.FunctionsHost.Worker;
using Microsoft.Azure.WebJobs;

namespace CloudRewind.FunctionsHost;

/// <summary>
/// Starts the parts in order, once the port is open: what runs beside the host, the worker, the listeners of the
/// Durable extension, timers. They stop the other way round, after the last request has been answered. A second host on
/// the same port ends before it has touched anything.
/// </summary>
internal sealed class HostService(
    HostSettings settings,
    StorageProbe storage,
    WorkerSupervisor worker,
    IHostCompanion companion,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILogger<HostService> log) : IHostedLifecycleService
{
    /// <summary>How long the last requests may take. Those that wait are told to end first.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>After this the process ends, whatever still runs: who stops a host gives it some seconds before a kill.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4.5);

    private IJobHost? jobs;
    private TimerTriggers? timers;
    private PosixSignalRegistration? hangup;
    private volatile bool isReady;

    /// <summary>0 where it was asked to stop.</summary>
    public int ExitCode { get; private set; }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _ = EndAfterAsync(StopLimit));
        // A terminal that is closed asks the host to stop, as Ctrl+C does.
        hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            lifetime.StopApplication();
        });
        worker.Failed += error =>
        {
            log.LogCritical("{Message} The host ends.", error.Message);
            ExitCode = 1;
            lifetime.StopApplication();
        };
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await worker.StartAsync(await companion.StartAsync(settings, log, cancellationToken), cancellationToken);
            await storage.WaitUntilItAnswersAsync(log, cancellationToken);
            var started = services.GetRequiredService<IJobHost>();
            await started.StartAsync(cancellationToken).WaitAsync(cancellationToken); // it may not notice the cancellation
            jobs = started;
            services.GetRequiredService<FunctionEndpoints>().Publish();
            timers = services.GetRequiredService<TimerTriggers>();
            timers.Start();
            isReady = true;
            var address = new Uri(ReachableAddress(settings.Addresses[0]), settings.RoutePrefix);
            await companion.AnnounceAsync(address, cancellationToken);
            var elapsed = DateTime.Now - Process.GetCurrentProcess().StartTime;
            log.LogInformation(
                "Listening on {Address} (process {ProcessId}), {Seconds:0.0} s after the start",
                address,
                Environment.ProcessId,
                elapsed.TotalSeconds);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // It was asked to stop before it had started.
        }
        catch (Exception error)
        {
            await StopAsync(CancellationToken.None);
            throw error as HostStartException ?? new HostStartException($"The host cannot start: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        isReady = false;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (timers is not null)
            await timers.StopAsync();
        if (jobs is not null)
            await jobs.StopAsync();
        await worker.StopAsync();
        await companion.DisposeAsync();
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        hangup?.Dispose();
        log.LogInformation("Stopped");
        return Task.CompletedTask;
    }

    /// <summary>Leads from the address of the host to that of its functions.</summary>
    public Task RedirectRootAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path != "/" || settings.RoutePrefix is "")
            return next(context);
        context.Response.Redirect($"/{settings.RoutePrefix}");
        return Task.CompletedTask;
    }

    /// <summary>Answers 503 until all is started; a request that came before the host was asked to stop is still answered.</summary>
    public Task AnswerOnceReadyAsync(HttpContext context, RequestDelegate next)
    {
        if (isReady)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return context.Response.WriteAsync(
            lifetime.ApplicationStopping.IsCancellationRequested ? "The host is stopping." : "The host is starting.");
    }

    private static Uri ReachableAddress(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "localhost" }.Uri : address;

    private async Task EndAfterAsync(TimeSpan limit)
    {
        await Task.Delay(limit);
        log.LogWarning("Something did not stop within {Limit}; the process ends", limit);
        Environment.Exit(ExitCode);
    }
}
