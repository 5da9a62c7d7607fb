using CloudRewind.AwsEmulator;
using CloudRewind.AwsEmulator.Sts;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>One storage with all that works on it: two hosts with their workers, the proxies between them and the storage, and what captures.</summary>
internal sealed class Cell : IAsyncDisposable
{
    public const string RoleArn = "arn:aws:iam::210987654321:role/cloud-rewind";

    // A host's worker that is stopped for the longest time comes back before anybody thinks that what it asked AWS for will not appear.
    private const string SettleWindow = "00:01:00";

    private const int MostStarts = 10;

    private readonly StorageEmulator? storage;

    private Cell(IReadOnlyList<Uri> addresses, Tokens tokens, string connectionString, StorageEmulator? storage) =>
        (Addresses, Tokens, ConnectionString, this.storage) = (addresses, tokens, connectionString, storage);

    /// <summary>Where the app answers: each host by itself.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    public Tokens Tokens { get; }

    /// <summary>The storage, past the proxies.</summary>
    public string ConnectionString { get; }

    /// <summary>The hosts; none of an app that something else started.</summary>
    public IReadOnlyList<AppProcess> Apps { get; private init; } = [];

    /// <summary>What stands before tables, queues and blobs.</summary>
    public IReadOnlyList<StorageProxy> Proxies { get; private init; } = [];

    /// <summary>What is captured from; null: the simulation.</summary>
    public EmulatedAws? Aws { get; private init; }

    public string Provider => Aws is null ? "the simulation" : "AWS";

    public static Cell Of(OutsideApp outside) => new([outside.BaseAddress], outside.Tokens, outside.Storage, storage: null);

    public static async Task<Cell> StartAsync(bool onAws)
    {
        var storage = await StorageEmulator.StartAsync();
        var proxies = await Task.WhenAll(new[] { storage.BlobPort, storage.QueuePort, storage.TablePort }.Select(StorageProxy.StartAsync));
        foreach (var proxy in proxies)
            proxy.Records = false;
        var tokens = Tokens.WithNewKey("https://issuer.example.com", "cloud-rewind");
        var aws = onAws ? await EmulatedAws.StartAsync() : null;
        aws?.AddRole(new EmulatedRole(RoleArn));
        var apps = Enumerable.Range(0, 2).Select(_ => new AppProcess(
        [
            .. AppProcess.SettingsFor(tokens, storage.ConnectionStringThrough(proxies[0].Port, proxies[1].Port, proxies[2].Port)),
            ("Simulation__StepTime", "00:00:03"),
            ("Watchdog__Patience", "00:00:20"),
            ("AzureFunctionsJobHost__extensions__durableTask__storageProvider__workItemQueueVisibilityTimeout", "00:00:10"),
            .. aws is null ? [] : ((string, string)[])
            [
                ("Capture__Provider", "Aws"), ("Aws__ServiceUrl", aws.Url.AbsoluteUri), ("Aws__SettleWindow", SettleWindow),
                ("AWS_ACCESS_KEY_ID", "AKIATEST"), ("AWS_SECRET_ACCESS_KEY", "of-no-use-anywhere"),
            ],
        ])).ToList();
        var cell = new Cell([.. apps.Select(app => app.BaseAddress)], tokens, storage.ConnectionString, storage) { Apps = apps, Proxies = proxies, Aws = aws };
        await Task.WhenAll(apps.Select(app => app.StartAsync()));
        return cell;
    }

    /// <summary>Starts each host that has ended by itself, as whatever looks after a host does: where storage fails it at its start, it says so, and ends.</summary>
    /// <exception cref="InvalidOperationException">One does not start, time and again; the message has what it said.</exception>
    public async Task ReviveAsync(ChaosReport report)
    {
        foreach (var app in Apps)
        {
            for (var start = 1; !app.IsRunning; start++)
            {
                report.Count("starts of hosts that had ended");
                try
                {
                    await app.StartAsync();
                }
                catch (InvalidOperationException) when (start < MostStarts)
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
        foreach (var proxy in Proxies)
            await proxy.DisposeAsync();
        if (Aws is not null)
            await Aws.DisposeAsync();
        if (storage is not null)
            await storage.DisposeAsync();
    }
}
