using CloudRewind.Domain.Capture;
using CloudRewind.Simulation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>Says at start that captures are simulated: everything else looks as it does on AWS.</summary>
internal sealed class SimulationNotice(ICaptureProvider provider, ILogger<SimulationNotice> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (provider.Name == SimulationServices.Key)
            log.LogInformation("Simulated capture: AWS is not contacted. Set Capture__Provider=Aws to protect real resources");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
