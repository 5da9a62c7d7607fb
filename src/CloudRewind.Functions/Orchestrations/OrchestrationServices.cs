using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Orchestrations.Watchdog;
using CloudRewind.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Orchestrations;

internal static class OrchestrationServices
{
    /// <summary>What drives protections and deletions to their ends.</summary>
    public static IServiceCollection AddOrchestrations(this IServiceCollection services) => services
        .Configure<WorkerOptions>(worker => worker.Capabilities.Remove("EnableUserCodeException")) // with it, an exception comes to ActivityRetries without its type
        .AddSettings("Capture", CaptureOptions.Read)
        .AddSettings("Watchdog", WatchdogOptions.Read)
        .AddSingleton(provider => provider.GetRequiredKeyedService<ICaptureProvider>(provider.GetRequiredService<CaptureOptions>().Provider))
        .AddHostedService<SimulationNotice>()
        .AddSingleton(provider => provider.GetRequiredService<CaptureOptions>().Limits)
        .AddSingleton(provider => new PollingOptions(
            provider.GetRequiredService<CaptureOptions>().PollInterval, provider.GetRequiredService<RetentionOptions>().PruneRetryInterval))
        .AddSingleton(provider => new WatchPolicy(
            provider.GetRequiredService<WatchdogOptions>().Patience, provider.GetRequiredService<CaptureLimits>().TimeLimit))
        .AddSingleton<HistoryPurge>()
        .AddSingleton<TransitionRecorder>()
        .AddSingleton<PrepareProtection>()
        .AddSingleton<CaptureResources>()
        .AddSingleton<CountRetention>()
        .AddSingleton<CopyRelease>()
        .AddSingleton<ScheduleRun>()
        .AddSingleton<CaptureRun>()
        .AddSingleton<PruneRun>();
}
