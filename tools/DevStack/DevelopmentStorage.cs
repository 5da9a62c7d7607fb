using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>
/// Sees to it that Azurite answers for a host that asks for development storage, and goes on answering: one that is there
/// already is used, and when it ends, or none is there, this starts its own.
/// </summary>
internal sealed class DevelopmentStorage : IAsyncDisposable
{
    private const int ChecksUntilLost = 3;
    private const int Patience = 2;
    private static readonly TimeSpan CheckPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private static readonly Task s_never = new TaskCompletionSource().Task;

    private readonly AzuriteOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private Azurite? _own;
    private Task _supervision = Task.CompletedTask;

    private DevelopmentStorage(AzuriteOptions options, ILogger logger) => (_options, _logger) = (options, logger);

    /// <summary>The Azurite that was started here, or null where somebody else's is used.</summary>
    public Azurite? Own => _own;

    /// <summary>Starts Azurite where none answers, and installs it where it is not there.</summary>
    /// <param name="connectionString">The host's storage.</param>
    /// <param name="root">The folder with package.json; what Azurite stores is below it in <c>.local/azurite</c>.</param>
    /// <param name="logger">Hears what takes its time, and what goes wrong later.</param>
    /// <param name="cancellationToken">Ends the start; nothing is left running.</param>
    /// <returns>Null where the connection string does not mean development storage.</returns>
    /// <exception cref="HostStartException">It cannot start; the message says why.</exception>
    public static async Task<DevelopmentStorage?> StartIfNeededAsync(
        string? connectionString, string root, ILogger logger, CancellationToken cancellationToken)
    {
        if (!string.Equals(connectionString?.Trim().TrimEnd(';'), "UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase))
            return null;
        var options = new AzuriteOptions { Root = root, Ports = AzuritePorts.Development, Say = line => logger.LogInformation("{Line}", line) };
        return await StartAsync(options, logger, cancellationToken);
    }

    /// <inheritdoc cref="StartIfNeededAsync"/>
    public static async Task<DevelopmentStorage> StartAsync(AzuriteOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var storage = new DevelopmentStorage(options, logger);
        await storage.UseOrStartAsync(cancellationToken);
        storage._supervision = storage.SuperviseAsync();
        return storage;
    }

    /// <summary>Ends what was started here, in order: it saves. Somebody else's goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_own is not null)
            await _own.DisposeAsync();
        _end.Dispose();
    }

    private async Task UseOrStartAsync(CancellationToken cancellationToken)
    {
        // Two that start at the same moment must not both read the folder: the one without the ports would save what it has read.
        await using var turn = await Turn.TakeAsync(Path.Combine(_options.Folder, "start.lock"), cancellationToken);
        await AzuriteNote.WaitForEndAsync(_options.Folder, cancellationToken);
        if (await AnswerPatientlyAsync(cancellationToken))
            return;
        try
        {
            _own = await Azurite.StartAsync(_options, cancellationToken);
        }
        catch (HostStartException)
        {
            // One with another folder may have been faster.
            if (await AnswerPatientlyAsync(cancellationToken))
                return;
            throw;
        }

        _logger.LogInformation("Azurite stores in {Folder}", _options.Folder);
    }

    // One that is starting or closing has some of its ports only.
    private async Task<bool> AnswerPatientlyAsync(CancellationToken cancellationToken)
    {
        for (var left = Patience; ; left--)
        {
            try
            {
                return await _options.Ports.AnswerAsync(cancellationToken);
            }
            catch (HostStartException) when (left > 0)
            {
                await Task.Delay(CheckPause, cancellationToken);
            }
        }
    }

    private async Task SuperviseAsync()
    {
        while (true)
        {
            await LostAsync();
            _logger.LogError(
                "Azurite ({Ports}) {What}; it is started again. Writes of its last five seconds may be lost. {Errors}",
                _options.Ports, _own is { Ended.IsCompleted: true } ? "has ended" : "does not answer", _own?.Errors);
            if (Interlocked.Exchange(ref _own, null) is { } lost)
            {
                await lost.StopAsync();
                await lost.KillAsync();
            }

            await StartAgainAsync();
            _logger.LogInformation("Azurite answers again");
        }
    }

    // One that is busy may miss a check, but not several.
    private async Task LostAsync()
    {
        for (var missed = 0; missed < ChecksUntilLost && _own is not { Ended.IsCompleted: true };)
        {
            await (_own?.Ended ?? s_never).WaitAsync(CheckPause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            missed = await AnswersAsync() ? 0 : missed + 1;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await _options.Ports.AnswerAsync(_end.Token);
        }
        catch (HostStartException)
        {
            return false;
        }
    }

    private async Task StartAgainAsync()
    {
        while (true)
        {
            try
            {
                await UseOrStartAsync(_end.Token);
                return;
            }
            catch (HostStartException e)
            {
                _logger.LogError("Azurite could not be started again, and is tried once more in {Pause}. {Reason}", RetryPause, e.Message);
                await Task.Delay(RetryPause, _end.Token);
            }
        }
    }
}
