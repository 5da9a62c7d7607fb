using System.Text.Json;
using CloudRewind.LocalRuntime.DevelopmentStorage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>An app of some functions on a hub of its own, which can be stopped, killed and started again.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("local-runtime-").FullName;
    private readonly Azurite _azurite;
    private readonly Setup _setup;
    private LocalRuntimeHost? _host;

    private TestApp(Azurite azurite, Setup setup)
    {
        _azurite = azurite;
        _setup = setup;
        File.WriteAllText(Path.Combine(_folder, "package.json"), "{}");
        File.WriteAllText(Path.Combine(_folder, "host.json"), setup.HostJson ?? JsonSerializer.Serialize(new
        {
            extensions = new { durableTask = new { hubName = $"T{Guid.NewGuid():N}" } },
        }));
    }

    public DurableTaskClient Client => Services.GetRequiredService<DurableTaskClient>();

    public IServiceProvider Services => _host!.Services;

    public HttpClient Http { get; private set; } = new();

    public CollectedLog Log { get; } = new();

    public string Folder => _folder;

    public static async Task<TestApp> StartAsync(params Type[] functions) => await StartAsync(new Setup { Functions = functions });

    public static async Task<TestApp> StartAsync(Setup setup)
    {
        var app = new TestApp(setup.Storage ?? await TestStorage.SharedAsync(), setup);
        await app.StartAsync();
        return app;
    }

    public async Task StartAsync()
    {
        _host = CreateHost();
        await _host.StartAsync();
        Http = new HttpClient { BaseAddress = Services.GetRequiredService<LocalRuntimeEnvironment>().BaseAddress };
    }

    /// <summary>Another process on the same hub, as far as the runtime can tell.</summary>
    public LocalRuntimeHost CreateHost()
    {
        var builder = new FunctionsApplicationBuilder(new LocalRuntimeOptions
        {
            App = typeof(TestApp).Assembly,
            FunctionTypes = _setup.Functions,
            BaseDirectory = _folder,
            ThrowOnRefusal = true,
            Settings = new Dictionary<string, string?>
            {
                [LocalSettings.StorageKey] = TestStorage.ConnectionString(_azurite),
                ["urls"] = "http://127.0.0.1:0",
                ["Logging:LogLevel:Default"] = "Warning",
            },
        });
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Logging.AddFilter<CollectedLog>(null, LogLevel.Information);
        builder.Services.AddSingleton<Probe>(_setup.Probe);
        if (_setup.Time is not null)
            builder.Services.AddSingleton(_setup.Time);
        _setup.Configure?.Invoke(builder);
        return (LocalRuntimeHost)builder.Build();
    }

    public async Task StopAsync()
    {
        await _host!.StopAsync();
        await _host.DisposeAsync();
        _host = null;
    }

    /// <summary>Lets go as a kill would.</summary>
    public async Task CrashAsync()
    {
        await _host!.CrashAsync();
        _host = null;
    }

    public async Task<string> ScheduleAsync(string name, object? input = null, string? id = null) =>
        await Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));

    public async Task<OrchestrationMetadata> EndOf(string id)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await Client.WaitForInstanceCompletionAsync(id, true, limit.Token);
    }

    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? id = null) =>
        await EndOf(await ScheduleAsync(name, input, id));

    public async Task<OrchestrationMetadata> UntilAsync(string id, Func<OrchestrationMetadata, bool> condition)
    {
        OrchestrationMetadata? found = null;
        await Eventually.TrueAsync(async () => (found = await Client.GetInstanceAsync(id, true)) is not null && condition(found));
        return found!;
    }

    /// <summary>Runs an orchestration that completes, and gives its output.</summary>
    public async Task<T> OutputOf<T>(string name, object? input = null, string? id = null) => Output<T>(await RunAsync(name, input, id));

    public static T Output<T>(OrchestrationMetadata end)
    {
        Assert.True(end.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{end.RuntimeStatus}: {end.SerializedOutput}");
        return JsonSerializer.Deserialize<T>(end.SerializedOutput!)!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await StopAsync();
        Http.Dispose();
        Directory.Delete(_folder, true);
    }

    internal sealed record Setup
    {
        public Type[] Functions { get; init; } = [];

        public Azurite? Storage { get; init; }

        public TimeProvider? Time { get; init; }

        public string? HostJson { get; init; }

        public Probe Probe { get; init; } = new();

        public Action<FunctionsApplicationBuilder>? Configure { get; init; }
    }
}
