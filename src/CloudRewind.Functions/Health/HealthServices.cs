using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Health;

internal static class HealthServices
{
    /// <summary>Prepares storage; the app is ready once it answers.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddHostedService<StorageStartup>();
}
