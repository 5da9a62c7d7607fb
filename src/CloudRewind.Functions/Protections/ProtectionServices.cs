using CloudRewind.Functions.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Protections;

internal static class ProtectionServices
{
    /// <summary>The operations on protections.</summary>
    public static IServiceCollection AddProtections(this IServiceCollection services) => services
        .AddSettings("Retention", RetentionOptions.Read)
        .AddSingleton<ProtectionAccess>()
        .AddSingleton<ProtectionActs>()
        .AddSingleton<StatusWatch>();
}
