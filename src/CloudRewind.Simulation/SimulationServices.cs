using CloudRewind.Domain.Capture;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Simulation;

/// <summary>Registers the simulated provider.</summary>
public static class SimulationServices
{
    /// <summary>The provider's key among the app's services, and its name in the settings.</summary>
    public const string Key = "Simulated";

    /// <summary>Adds the provider, under <see cref="Key"/>. Needs <see cref="SimulationOptions"/>, the tables and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSimulation(this IServiceCollection services) => services.AddKeyedSingleton<ICaptureProvider, SimulatedCaptureProvider>(Key);
}
