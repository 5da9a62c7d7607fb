using CloudRewind.Domain.Capture;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Simulation;

/// <summary>Registers the simulated provider.</summary>
public static class SimulationServices
{
    /// <summary>Captures without a cloud. Needs <see cref="SimulationOptions"/>, the tables and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSimulation(this IServiceCollection services) => services.AddSingleton<ICaptureProvider, SimulatedCaptureProvider>();
}
