using CloudRewind.EndToEnd.Tests.Support.Otlp;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>One app for all tests of settings that do not get in each other's way: a start costs more than most tests. Their classes run one after the other.</summary>
[CollectionDefinition(nameof(ConfiguredApp))]
public sealed class ConfiguredApp : OwnAppFixture, ICollectionFixture<ConfiguredApp>
{
    /// <summary>An origin whose pages may call the app.</summary>
    public const string Origin = "https://console.example.com";

    /// <summary>Where the app's telemetry goes.</summary>
    internal OtlpCollector Collector { get; private set; } = null!;

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Collector is not null)
            await Collector.DisposeAsync();
    }

    private protected override async Task<App> StartAsync()
    {
        Collector = await OtlpCollector.StartAsync();
        // Long enough for all that ends by itself.
        return await App.StartAsync([("Capture__TimeLimit", "00:00:15"), ("Cors__AllowedOrigins", $"http://localhost:5173, {Origin}"), .. Collector.Settings]);
    }
}
