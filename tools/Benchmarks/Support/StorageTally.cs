namespace CloudRewind.Benchmarks.Support;

/// <summary>Stands before a storage, and counts what the app and the Durable engine ask of it: each has proxies of its own.</summary>
internal sealed class StorageTally : IAsyncDisposable
{
    private readonly (RequestOwner Owner, StorageService Service, StorageProxy Proxy)[] proxies;

    private StorageTally(StorageEmulator storage, (RequestOwner Owner, StorageService Service, StorageProxy Proxy)[] proxies)
    {
        this.proxies = proxies;
        TablesOfApp = storage.ConnectionStringThrough(tablePort: PortOf(RequestOwner.App, StorageService.Table));
        Runtime = storage.ConnectionStringThrough(
            PortOf(RequestOwner.Durable, StorageService.Blob),
            PortOf(RequestOwner.Durable, StorageService.Queue),
            PortOf(RequestOwner.Durable, StorageService.Table));
    }

    /// <summary>What the app connects to its tables with.</summary>
    public string TablesOfApp { get; }

    /// <summary>What the host and the Durable engine connect with.</summary>
    public string Runtime { get; }

    public static async Task<StorageTally> StartAsync(StorageEmulator storage) => new(storage,
    [
        (RequestOwner.App, StorageService.Table, await StorageProxy.StartAsync(storage.TablePort)),
        (RequestOwner.Durable, StorageService.Blob, await StorageProxy.StartAsync(storage.BlobPort)),
        (RequestOwner.Durable, StorageService.Queue, await StorageProxy.StartAsync(storage.QueuePort)),
        (RequestOwner.Durable, StorageService.Table, await StorageProxy.StartAsync(storage.TablePort)),
    ]);

    /// <summary>Forgets what was asked.</summary>
    public void Forget()
    {
        foreach (var (_, _, proxy) in proxies)
            proxy.Forget();
    }

    /// <summary>How often each kind was asked since the start, or since it was forgotten.</summary>
    public Dictionary<RequestKind, int> Count() => proxies
        .SelectMany(proxy => proxy.Proxy.Requests.Select(request => RequestKind.Of(proxy.Owner, proxy.Service, request)))
        .GroupBy(kind => kind)
        .ToDictionary(kind => kind.Key, kind => kind.Count());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, _, proxy) in proxies)
            await proxy.DisposeAsync();
    }

    private int PortOf(RequestOwner owner, StorageService service) =>
        proxies.Single(proxy => proxy.Owner == owner && proxy.Service == service).Proxy.Port;
}
