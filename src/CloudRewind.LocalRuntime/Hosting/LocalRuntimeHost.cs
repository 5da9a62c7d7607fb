using CloudRewind.LocalRuntime.DevelopmentStorage;
using CloudRewind.LocalRuntime.Durable;
using CloudRewind.LocalRuntime.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime;

/// <summary>Starts and stops the parts in order: storage, ownership, the app's own services and the port, orchestrations, timers.</summary>
internal sealed class LocalRuntimeHost : IHost, IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LocalRuntimeEnvironment _environment;
    private readonly ILocalRuntimeStartup? _startup;
    private readonly IReadOnlyList<LocalRuntimeStartException> _refusals;
    private readonly bool _throwOnRefusal;
    private readonly ILogger _logger;
    private DurableEngine? _engine;
    private TimerTriggers? _timers;
    private Azurite? _azurite;

    public LocalRuntimeHost(
        WebApplication app,
        LocalRuntimeEnvironment environment,
        ILocalRuntimeStartup? startup,
        IReadOnlyList<LocalRuntimeStartException> refusals,
        bool throwOnRefusal)
    {
        _app = app;
        _environment = environment;
        _startup = startup;
        _refusals = refusals;
        _throwOnRefusal = throwOnRefusal;
        _logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("CloudRewind.LocalRuntime");
    }

    /// <inheritdoc />
    public IServiceProvider Services => _app.Services;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await StartPartsAsync(cancellationToken);
        }
        catch (LocalRuntimeStartException e) when (!_throwOnRefusal)
        {
            await Console.Error.WriteLineAsync($"The app cannot start. {e.Message}");
            EndProgram();
        }
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        // Requests end while orchestrations stop at their next recorded point; the hub and the store go last.
        await Task.WhenAll(
            _app.StopAsync(cancellationToken), _timers?.StopAsync() ?? Task.CompletedTask, _engine?.StopWorkAsync() ?? Task.CompletedTask);
        await (_engine?.CloseAsync() ?? Task.CompletedTask);
        await StopAzuriteAsync();
    }

    /// <summary>Lets go of everything as a kill would: nothing is saved, released or told.</summary>
    public async Task CrashAsync()
    {
        await _engine!.CrashAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Task.WhenAll(_app.StopAsync(now.Token), _timers!.StopAsync());
        await DisposeAsync();
    }

    /// <inheritdoc />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await StopAzuriteAsync();
    }

    private async Task StartPartsAsync(CancellationToken cancellationToken)
    {
        if (_refusals.Count > 0)
            throw _refusals[0];
        var storage = LocalSettings.StorageOf(Services.GetRequiredService<IConfiguration>());
        _azurite = await AzuriteByItself.StartIfNeededAsync(storage, _environment.Root, _logger, cancellationToken);
        _engine = Services.GetRequiredService<DurableEngine>();
        _engine.OwnershipLost += EndProgram;
        _timers = Services.GetRequiredService<TimerTriggers>();
        await _engine.TakeOwnershipAsync(cancellationToken);
        await OpenPortAsync(cancellationToken);
        _environment.BaseAddress = AddressOf(_app.Urls.First());
        await _engine.StartAsync(cancellationToken);
        await _timers.StartAsync(cancellationToken);
        if (_startup is not null)
            await _startup.StartedAsync(Services, _environment, cancellationToken);
        _logger.LogInformation("Listening on {Address}", new Uri(_environment.BaseAddress, _environment.RoutePrefix));
    }

    private async Task OpenPortAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new LocalRuntimeStartException($"{e.Message} End the other program, or choose another address: --urls http://localhost:7072");
        }
    }

    private void EndProgram()
    {
        if (!_throwOnRefusal)
            Environment.ExitCode = 1;
        _app.Lifetime.StopApplication();
    }

    // What listens on every address is reached by this machine's own.
    private static Uri AddressOf(string url) => new(url
        .Replace("://+", "://localhost", StringComparison.Ordinal)
        .Replace("://*", "://localhost", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
        .Replace("://[::]", "://localhost", StringComparison.Ordinal));

    private async Task StopAzuriteAsync()
    {
        if (Interlocked.Exchange(ref _azurite, null) is { } azurite)
            await azurite.DisposeAsync();
    }
}
