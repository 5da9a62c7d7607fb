using CloudRewind.Domain;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Health;

/// <summary>Makes the tables that are missing. Storage that is down does not keep the app from starting: it goes on trying, and is not ready until then.</summary>
internal sealed class StorageStartup(IStoreHealth store, TimeProvider time, ILogger<StorageStartup> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private Task trying = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryAsync(cancellationToken))
            trying = KeepTryingAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await trying.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private async Task KeepTryingAsync()
    {
        do
        {
            await Task.Delay(Pause, time, stopping.Token);
        }
        while (!await TryAsync(stopping.Token));
        log.LogInformation("Storage answers; the tables are there");
    }

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        try
        {
            await store.PrepareAsync(cancellation);
            return true;
        }
        catch (StoreUnavailableException error)
        {
            log.LogError(error, "The tables could not be made; trying again in {Pause}", Pause);
            return false;
        }
    }
}
