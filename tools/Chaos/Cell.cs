using System.Diagnostics;
using CloudRewind.AwsEmulator;
using CloudRewind.AwsEmulator.Sts;
using CloudRewind.Chaos.Faults;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>One storage, two hosts with their workers, the proxies between them and the storage, and the provider that captures.</summary>
internal sealed class Cell : IAsyncDisposable
{
    // Longer than a worker is stopped: a snapshot that it has asked for may appear until it goes on.
    private const string SettleWindow = "00:01:00";

    // Longer than the longest outage of storage.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);

    private readonly StorageEmulator? storage;

    private Cell(IReadOnlyList<Uri> addresses, CellKeys keys, string connectionString, StorageEmulator? storage) =>
        (Addresses, Keys, ConnectionString, this.storage) = (addresses, keys, connectionString, storage);

    /// <summary>Where the app answers: each host by itself.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>What the tokens of its clients are signed with.</summary>
    public CellKeys Keys { get; }

    /// <summary>The storage, past the proxies.</summary>
    public string ConnectionString { get; }

    /// <summary>The hosts; none of an app that something else started.</summary>
    public IReadOnlyList<AppProcess> Apps { get; private init; } = [];

    /// <summary>The proxy of each storage service.</summary>
    public IReadOnlyDictionary<StorageService, StorageProxy> Proxies { get; private init; } =
        new Dictionary<StorageService, StorageProxy>();

    /// <summary>The clock of the last host; null where it is not moved.</summary>
    public MovableClock? Clock { get; private init; }

    /// <summary>The provider's endpoint; null: the simulation.</summary>
    public EmulatedAws? Aws { get; private init; }

    public string Provider => Aws is null ? "the simulation" : "AWS";

    public static Cell Of(OutsideApp outside) => new([outside.BaseAddress], CellKeys.Given(outside.Tokens), outside.Storage, storage: null);

    /// <summary>Starts the cell of a number: the first one has an authority, and each odd one captures on the emulated AWS.</summary>
    public static async Task<Cell> StartAsync(int number, bool jumpsClock)
    {
        var storage = await StorageEmulator.StartAsync();
        var proxies = new Dictionary<StorageService, StorageProxy>
        {
            [StorageService.Blobs] = await StorageProxy.StartAsync(storage.BlobPort),
            [StorageService.Queues] = await StorageProxy.StartAsync(storage.QueuePort),
            [StorageService.Tables] = await StorageProxy.StartAsync(storage.TablePort),
        };
        foreach (var proxy in proxies.Values)
            proxy.Records = false;
        var keys = number == 0
            ? await CellKeys.OfAuthorityAsync()
            : CellKeys.Given(Tokens.WithNewKey("https://issuer.example.com", "cloud-rewind"));
        var aws = number % 2 == 1 ? await EmulatedAws.StartAsync() : null;
        foreach (var role in AwsPlaces.Roles)
            aws?.AddRole(new EmulatedRole(role));
        var connection = storage.ConnectionStringThrough(
            proxies[StorageService.Blobs].Port, proxies[StorageService.Queues].Port, proxies[StorageService.Tables].Port);
        var clock = jumpsClock && MovableClock.WhyNot is null ? new MovableClock() : null;
        var apps = new[] { null, clock }.Select(own => new AppProcess(
        [
            .. AppProcess.SettingsFor(keys.Current, connection),
            .. keys.Settings,
            ("Simulation__StepTime", "00:00:03"),
            ("Watchdog__Patience", "00:00:20"),
            ("AzureFunctionsJobHost__extensions__durableTask__storageProvider__workItemQueueVisibilityTimeout", "00:00:10"),
            .. aws is null ? [] : ((string, string)[])
            [
                ("Capture__Provider", "Aws"), ("Aws__ServiceUrl", aws.Url.AbsoluteUri), ("Aws__SettleWindow", SettleWindow),
                ("AWS_ACCESS_KEY_ID", "AKIATEST"), ("AWS_SECRET_ACCESS_KEY", "of-no-use-anywhere"),
            ],
            .. own?.Settings ?? [],
        ])).ToList();
        var cell = new Cell([.. apps.Select(app => app.BaseAddress)], keys, storage.ConnectionString, storage)
        {
            Apps = apps,
            Proxies = proxies,
            Clock = clock,
            Aws = aws,
        };
        await Task.WhenAll(apps.Select(app => app.StartAsync()));
        return cell;
    }

    /// <summary>Starts each host that has ended, as a platform does: where storage fails at its start, a host logs it and ends.</summary>
    /// <exception cref="InvalidOperationException">One does not start, time and again; the message has its output.</exception>
    public async Task ReviveAsync(ChaosReport report)
    {
        foreach (var app in Apps)
        {
            for (var begun = Stopwatch.GetTimestamp(); !app.IsRunning;)
            {
                report.Count(Fault.HostsThatEnded);
                try
                {
                    await app.StartAsync();
                }
                catch (InvalidOperationException) when (Stopwatch.GetElapsedTime(begun) < LongestStart)
                {
                    // Storage may answer it the next time.
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in Apps)
            app.Dispose();
        Clock?.Dispose();
        await Keys.DisposeAsync();
        foreach (var proxy in Proxies.Values)
            await proxy.DisposeAsync();
        if (Aws is not null)
            await Aws.DisposeAsync();
        if (storage is not null)
            await storage.DisposeAsync();
    }
}
