using CloudRewind.LocalRuntime.Durable.Dispatch;
using CloudRewind.LocalRuntime.Durable.Replay;
using CloudRewind.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.LocalRuntime.Durable;

/// <summary>Registers the durable engine.</summary>
internal static class DurableServices
{
    public static void AddDurableEngine(this IServiceCollection services, HostFile hostFile, IConfiguration configuration)
    {
        services.AddSingleton(hostFile);
        services.AddSingleton(_ => new HubTables(configuration[LocalSettings.StorageKey] ?? "", hostFile.HubName));
        services.AddSingleton<StorageAccess>();
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<InboxTable>();
        services.AddSingleton<DueTable>();
        services.AddSingleton<HubOwner>();
        services.AddSingleton<TimerStatus>();
        services.AddSingleton<Replayer>();
        services.AddSingleton<EngineParts>();
        services.AddSingleton<ActivityDispatcher>();
        services.AddSingleton<DurableTimers>();
        services.AddSingleton<DurableEngine>();
        services.AddSingleton<DurableTaskClient, LocalDurableTaskClient>();
    }
}
