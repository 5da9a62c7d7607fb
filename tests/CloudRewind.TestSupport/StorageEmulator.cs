using CloudRewind.LocalRuntime.DevelopmentStorage;

namespace CloudRewind.TestSupport;

/// <summary>A Table Storage of a test's own: the pinned Azurite, on a free port.</summary>
public sealed class TableStorage : IAsyncDisposable
{
    // Azurite's documented development account.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Azurite azurite;
    private readonly string folder;

    private TableStorage(Azurite azurite, string folder)
    {
        this.azurite = azurite;
        this.folder = folder;
    }

    /// <summary>What a client connects with.</summary>
    public string ConnectionString => ConnectionStringOf(azurite.TableEndpoint);

    /// <summary>The port that it listens on.</summary>
    public int Port => azurite.Port;

    /// <summary>What a client connects to an Azurite with.</summary>
    public static string ConnectionStringOf(Uri tableEndpoint) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint={tableEndpoint};";

    /// <summary>Starts one that holds its data in memory.</summary>
    public static Task<TableStorage> StartAsync() => StartAsync(inMemory: true);

    /// <summary>Starts one that keeps its data over <see cref="StopAsync"/> and <see cref="StartAgainAsync"/>.</summary>
    public static Task<TableStorage> StartOnDiskAsync() => StartAsync(inMemory: false);

    /// <summary>Ends it in order: what it holds is saved if it is on disk.</summary>
    public Task StopAsync() => azurite.StopAsync();

    /// <summary>Starts it again at the same address.</summary>
    public Task StartAgainAsync() => azurite.RestartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await azurite.DisposeAsync();
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Azurite may still be writing its last file; the folder is a temporary one.
        }
    }

    private static async Task<TableStorage> StartAsync(bool inMemory)
    {
        var folder = Directory.CreateTempSubdirectory("cloudrewind-azurite-").FullName;
        return new TableStorage(
            await Azurite.StartAsync(new AzuriteOptions { Root = Repository.Root, Folder = folder, InMemory = inMemory }), folder);
    }
}
