using CloudRewind.DevStack;
using CloudRewind.FunctionsHost;

namespace CloudRewind.TestSupport;

/// <summary>A blob, queue and table storage of a test's own: the pinned Azurite, on free ports.</summary>
public sealed class StorageEmulator : IAsyncDisposable
{
    // Azurite's documented development account.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const int Attempts = 3;

    private readonly AzuriteOptions options;
    private Azurite azurite;

    private StorageEmulator(AzuriteOptions options, Azurite azurite) => (this.options, this.azurite) = (options, azurite);

    /// <summary>What a client connects to all three services with.</summary>
    public string ConnectionString => ConnectionStringThrough();

    /// <summary>The port of the blob service.</summary>
    public int BlobPort => options.Ports.Blob;

    /// <summary>The port of the queue service.</summary>
    public int QueuePort => options.Ports.Queue;

    /// <summary>The port of the table service.</summary>
    public int TablePort => options.Ports.Table;

    /// <summary>What a client connects with that has a proxy before some of the services.</summary>
    /// <param name="blobPort">The port to use for blobs; null: the service's own.</param>
    /// <param name="queuePort">The port to use for queues; null: the service's own.</param>
    /// <param name="tablePort">The port to use for tables; null: the service's own.</param>
    public string ConnectionStringThrough(int? blobPort = null, int? queuePort = null, int? tablePort = null) =>
        ConnectionStringOf(blobPort ?? BlobPort, queuePort ?? QueuePort, tablePort ?? TablePort);

    /// <summary>What a client connects to an Azurite on these ports with.</summary>
    public static string ConnectionStringOf(int blobPort, int queuePort, int tablePort)
    {
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};" +
            $"BlobEndpoint={Endpoint(blobPort)};QueueEndpoint={Endpoint(queuePort)};TableEndpoint={Endpoint(tablePort)};";

        static string Endpoint(int port) => $"http://127.0.0.1:{port}/{Account}";
    }

    /// <summary>Starts one that holds its data in memory.</summary>
    public static Task<StorageEmulator> StartAsync() => StartAsync(inMemory: true);

    /// <summary>Starts one that keeps its data over <see cref="StopAsync"/> and <see cref="StartAgainAsync"/>.</summary>
    public static Task<StorageEmulator> StartOnDiskAsync() => StartAsync(inMemory: false);

    /// <summary>Ends it in order, and waits until it has ended: what it holds is saved if it is on disk.</summary>
    public async Task StopAsync()
    {
        await azurite.StopAsync();
        await azurite.Ended.WaitAsync(Eventually.Limit); // on a busy machine it answers for some seconds more
    }

    /// <summary>Ends it at once. It loses what it has not saved yet: up to the last five seconds.</summary>
    public Task KillAsync() => azurite.KillAsync();

    /// <summary>Starts it again on the same ports, after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync() => azurite = await Azurite.StartAsync(options);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await azurite.DisposeAsync();
        try
        {
            Directory.Delete(options.Folder, recursive: true);
        }
        catch (IOException)
        {
            // Azurite may still be writing its last file; the folder is a temporary one.
        }
    }

    private static async Task<StorageEmulator> StartAsync(bool inMemory)
    {
        var folder = Directory.CreateTempSubdirectory("cloudrewind-azurite-").FullName;
        for (var attempt = 1; ; attempt++)
        {
            var ports = new AzuritePorts(FreePort.Take(), FreePort.Take(), FreePort.Take());
            var options = new AzuriteOptions(Repository.Root, folder, ports) { InMemory = inMemory };
            try
            {
                return new StorageEmulator(options, await Azurite.StartAsync(options));
            }
            catch (HostStartException) when (attempt < Attempts)
            {
                // Another process was faster to take one of the ports.
            }
        }
    }
}
