using CloudRewind.Domain;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Health;

/// <summary>Creates missing tables. The app starts while storage is down: it keeps trying, and is not ready until it succeeds.</summary>
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
        log.LogInformation("Storage responds; the tables are ready");
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.PrepareAsync(cancellationToken);
            return true;
        }
        catch (StoreUnavailableException error)
        {
            log.LogError(error, "Could not create the tables; retrying in {Pause}", Pause);
            return false;
        }
    }
}
