using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Clock;

internal static class ClockServices
{
    /// <summary>The clock that everything reads.</summary>
    public static IServiceCollection AddClock(this IServiceCollection services) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<BoundedClock>(provider, TimeProvider.System))
        .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<BoundedClock>());
}
