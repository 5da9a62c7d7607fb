using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>Keeps an Azurite available. Uses one that answers already, and starts one when none does or when it ends.</summary>
internal sealed class DevelopmentStorage : IAsyncDisposable
{
    private const int StartAttempts = 3;
    private const int ChecksUntilLost = 3;
    private static readonly TimeSpan CheckPause = TimeSpan.FromSeconds(1);

    private readonly AzuriteOptions options;
    private readonly ILogger log;
    private readonly CancellationTokenSource end = new();
    private Azurite? own;
    private Task supervision = Task.CompletedTask;

    private DevelopmentStorage(AzuriteOptions options, ILogger log) => (this.options, this.log) = (options, log);

    /// <summary>The Azurite that was started here; null while another process's is used.</summary>
    public Azurite? Own => own;

    /// <summary>Starts development storage if the connection string asks for it.</summary>
    /// <param name="connectionString">The host's storage.</param>
    /// <param name="root">The folder with package.json. The data is below it, in <c>.local/azurite</c>.</param>
    /// <param name="log">Receives slow steps of the start, and later failures.</param>
    /// <param name="cancellationToken">Cancels the start; nothing is left running.</param>
    /// <returns>Null for any other connection string than <c>UseDevelopmentStorage=true</c>.</returns>
    /// <exception cref="HostStartException">Azurite does not start.</exception>
    public static async Task<DevelopmentStorage?> StartIfNeededAsync(
        string? connectionString, string root, ILogger log, CancellationToken cancellationToken)
    {
        if (!string.Equals(connectionString?.Trim().TrimEnd(';'), "UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase))
            return null;
        var folder = Path.Combine(root, ".local", "azurite");
        var options = new AzuriteOptions(root, folder, AzuritePorts.Development) { Log = line => log.LogInformation("{Line}", line) };
        return await StartAsync(options, log, cancellationToken);
    }

    /// <inheritdoc cref="StartIfNeededAsync"/>
    public static async Task<DevelopmentStorage> StartAsync(AzuriteOptions options, ILogger log, CancellationToken cancellationToken)
    {
        var storage = new DevelopmentStorage(options, log);
        await storage.UseOrStartAsync(cancellationToken);
        storage.supervision = storage.SuperviseAsync();
        return storage;
    }

    /// <summary>Stops the Azurite that was started here, which saves. Another process's continues.</summary>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (own is not null)
            await own.DisposeAsync();
        end.Dispose();
    }

    private async Task UseOrStartAsync(CancellationToken cancellationToken)
    {
        // Of two starts at the same moment, the one without the ports would overwrite the folder with what it has read.
        await using var held = await FileLock.AcquireAsync(Path.Combine(options.Folder, "start.lock"), cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await options.Ports.AnswerAsync(cancellationToken))
                    return;
                own = await Azurite.StartAsync(options, cancellationToken);
                log.LogInformation("Azurite stores in {Folder}", options.Folder);
                return;
            }
            catch (HostStartException) when (attempt < StartAttempts && NodeModules.IsComplete(options.Root))
            {
                // Another folder's Azurite that is starting has some of its ports only.
                await Task.Delay(CheckPause, cancellationToken);
            }
        }
    }

    private async Task SuperviseAsync()
    {
        for (var missed = 0; ; await Task.Delay(CheckPause, end.Token))
        {
            missed = await options.Ports.AnswerAsync(end.Token) ? 0 : missed + 1;
            var hasEnded = own is { Ended.IsCompleted: true };
            if (!hasEnded && missed < ChecksUntilLost) // a busy Azurite may miss one check, but not several
                continue;
            log.LogError(
                "Azurite ({Ports}) {What} and is restarted. Writes of the last five seconds may be lost. {Errors}",
                options.Ports, hasEnded ? "has ended" : "does not answer", own?.Errors);
            try
            {
                if (Interlocked.Exchange(ref own, null) is { } lost)
                {
                    await lost.StopAsync();
                    await lost.KillAsync();
                }

                await UseOrStartAsync(end.Token);
                log.LogInformation("Azurite answers again");
            }
            catch (HostStartException error)
            {
                log.LogError("Azurite could not be restarted, and is tried again. {Reason}", error.Message);
            }
        }
    }
}
