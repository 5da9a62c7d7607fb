using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Tokens;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Docs;
using CloudRewind.Functions.Health;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Protections;
using CloudRewind.Simulation;
using CloudRewind.Storage.Assemblies;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Settings;

/// <summary>What the app is made of.</summary>
internal static class AppServices
{
    /// <summary>Where everything is kept.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, AppSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton(TimeProvider.System)
        .AddSingleton(settings.Storage.Open())
        .AddSingleton<IStoreHealth>(provider => provider.GetRequiredService<StorageTables>())
        .AddSingleton<IUnfinishedProtections, TableUnfinishedProtections>()
        .AddSingleton<IProtectionStore, TableProtectionStore>()
        .AddSingleton<IResourceInventory, TableResourceInventory>()
        .AddSingleton<ICloudAssemblyStore, TableCloudAssemblyStore>()
        .AddSingleton<IUnfinishedDeletions, TableUnfinishedDeletions>()
        .AddHostedService<StorageStartup>();

    /// <summary>Whose requests are served.</summary>
    public static IServiceCollection AddSecurity(this IServiceCollection services, AppSettings settings) => services
        .AddSingleton(new SigningKeys(settings.Auth))
        .AddSingleton<IRevokedTokens, TableRevokedTokens>()
        .AddSingleton<RevocationList>()
        .AddSingleton<Authentication>()
        .AddSingleton<RequestGate>()
        .AddSingleton<ProtectionLookup>()
        .AddSingleton<StatusWatch>();

    /// <summary>What every answer has in common, and the page that describes them all.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services, AppSettings settings) => services
        .AddCors()
        .AddSingleton(settings.Cors)
        .AddSingleton<CrossOrigin>()
        .AddSingleton<ContractPage>();

    /// <summary>How snapshots are taken and removed, and who sees to it that they are.</summary>
    public static IServiceCollection AddCapturing(this IServiceCollection services, AppSettings settings) => services
        .AddSingleton(settings.Capture)
        .AddSingleton(settings.Simulation)
        .AddSingleton<ICaptureProvider, SimulatedCaptureProvider>()
        .AddSingleton<CaptureRun>()
        .AddSingleton<PruneRun>()
        .AddSingleton(new WatchPolicy(settings.WatchdogPatience, settings.Capture.TimeLimit));
}
