using System.Text;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>An app that answers, and what a test needs to talk to it and to look behind it.</summary>
internal sealed class App : IAsyncDisposable
{
    private readonly string connectionString;
    private readonly AppProcess? process;
    private readonly StorageEmulator? storage;

    private App(Uri baseAddress, Tokens tokens, string connectionString, AppProcess? process = null, StorageEmulator? storage = null)
    {
        this.connectionString = connectionString;
        this.process = process;
        this.storage = storage;
        Tokens = tokens;
        Tables = new Tables(connectionString);
        Engine = new Engine(connectionString);
        Http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        })
        {
            BaseAddress = baseAddress,
            Timeout = Eventually.Limit,
        };
    }

    public HttpClient Http { get; }

    public Tokens Tokens { get; }

    public Tables Tables { get; }

    /// <summary>The engine that runs its orchestrations.</summary>
    public Engine Engine { get; }

    /// <summary>Its process, which a test may end and start again.</summary>
    public AppProcess Process => process ?? throw new InvalidOperationException("Something else started this app.");

    /// <summary>Its storage, which a test may take away and give back.</summary>
    public StorageEmulator Storage => storage ?? throw new InvalidOperationException("Something else started this app's storage.");

    /// <summary>The app that something else started.</summary>
    public static App Of(OutsideApp outside) => new(outside.BaseAddress, outside.Tokens, outside.Storage);

    /// <summary>Starts one, on a storage of its own.</summary>
    /// <param name="settings">What is set beside, or instead of, what makes it quick and trust these tests.</param>
    public static Task<App> StartAsync(params (string Name, string Value)[] settings) => StartAsync(onDisk: false, settings);

    /// <summary>Starts one on a storage that keeps its data while it is away.</summary>
    public static Task<App> StartOnDiskAsync(params (string Name, string Value)[] settings) => StartAsync(onDisk: true, settings);

    /// <summary>Starts one whose task hub has its queues behind a proxy, and all else in the same storage.</summary>
    public static Task<App> StartAsync(StorageEmulator storage, StorageProxy queues, params (string Name, string Value)[] settings) => StartAsync(
        NewTokens(), storage.ConnectionString, storage, [("AzureWebJobsStorage", storage.ConnectionStringThrough(queuePort: queues.Port)), .. settings]);

    /// <summary>Starts another one on the same storage, which trusts the same tokens. This one must be ended last.</summary>
    public Task<App> StartBesideAsync() => StartAsync(Tokens, connectionString, storage: null, []);

    /// <summary>A client with an assembly of its own, which is not there yet.</summary>
    public ApiClient NewAssembly(string? projectId = null) => new(this, AssemblyAddress.New(projectId));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process?.Dispose();
        if (storage is not null)
            await storage.DisposeAsync();
    }

    private static async Task<App> StartAsync(bool onDisk, (string Name, string Value)[] settings)
    {
        var storage = await (onDisk ? StorageEmulator.StartOnDiskAsync() : StorageEmulator.StartAsync());
        return await StartAsync(NewTokens(), storage.ConnectionString, storage, settings);
    }

    private static Tokens NewTokens() => Tokens.WithNewKey("https://issuer.example.com", "cloud-rewind");

    private static async Task<App> StartAsync(Tokens tokens, string connectionString, StorageEmulator? storage, (string Name, string Value)[] settings)
    {
        var process = new AppProcess([.. AppProcess.SettingsFor(tokens, connectionString), .. settings]);
        var app = new App(process.BaseAddress, tokens, connectionString, process, storage);
        try
        {
            await process.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
