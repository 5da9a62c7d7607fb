using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>Azurite and a development token, each where the settings name nothing else.</summary>
internal sealed class DevelopmentServices : IHostCompanion
{
    private readonly CancellationTokenSource stopping = new();
    private DevelopmentStorage? storage;
    private DevelopmentAccess? access;

    public async Task<IReadOnlyDictionary<string, string>> StartAsync(
        HostSettings settings, ILogger log, CancellationToken cancellationToken)
    {
        storage = await DevelopmentStorage.StartIfNeededAsync(settings.Storage, settings.RootFolder, log, cancellationToken);
        access = DevelopmentAccess.CreateIfNeeded(settings.RootFolder, Environment.GetEnvironmentVariable, TimeProvider.System);
        return access?.WorkerSettings ?? new Dictionary<string, string>();
    }

    public async Task AnnounceAsync(Uri address, CancellationToken cancellationToken)
    {
        if (access is null)
            return;
        await access.AnnounceAsync(address, Console.Out, cancellationToken);
        _ = access.KeepTokenFreshAsync(stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (Interlocked.Exchange(ref storage, null) is { } own)
            await own.DisposeAsync();
    }
}
