using CloudRewind.Functions.Telemetry;
using CloudRewind.Protections;
using CloudRewind.Protections.Assemblies;
using CloudRewind.Protections.Capturing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestration.Activities;

/// <summary>Finds the resources to protect, and puts them on record.</summary>
public sealed class DiscoverResources(
    IProtectionStore protections,
    ICloudAssemblyStore assemblies,
    ICaptureProvider provider,
    IResourceInventory inventory,
    ILogger<DiscoverResources> log)
{
    /// <returns>How many there are.</returns>
    /// <exception cref="InvalidOperationException">The assembly is gone, or the protection is past this step: a late repetition must not write an inventory that is in use.</exception>
    [Function(nameof(DiscoverResources))]
    public async Task<int> Run([ActivityTrigger] LifecycleRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        var id = ProtectionId.Parse(run.ProtectionId);
        using var span = CloudRewindTelemetry.Begin(nameof(DiscoverResources), id, run.CorrelationId);
        if (await protections.FindAsync(id, context.CancellationToken) is not { Status: ProtectionStatus.Preparing })
            throw new InvalidOperationException("the protection is not being prepared");
        var assembly = await assemblies.FindAsync(id.Assembly, context.CancellationToken)
            ?? throw new InvalidOperationException("the cloud assembly is gone");
        var resources = await provider.DiscoverAsync(assembly, context.CancellationToken);
        await inventory.SetAsync(id, resources, context.CancellationToken);
        log.LogInformation("Protection {ProtectionId} covers {Resources} resources (correlation {CorrelationId})", id, resources.Count, run.CorrelationId);
        return resources.Count;
    }
}
