using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Finds the resources to protect, and puts them on record.</summary>
public sealed class DiscoverResources(
    IProtectionStore protections,
    ICloudAssemblyStore assemblies,
    ICaptureProvider provider,
    IResourceInventory inventory,
    ILogger<DiscoverResources> log)
{
    private const int LongestReason = 300;

    /// <summary>One attempt.</summary>
    /// <exception cref="InvalidOperationException">The protection is past this step: a late repetition must not write an inventory that is in use.</exception>
    [Function(nameof(DiscoverResources))]
    public async Task<DiscoveryResult> Run([ActivityTrigger] LifecycleRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        var id = ProtectionId.Parse(run.ProtectionId);
        CloudRewindTelemetry.Tag(id, run.CorrelationId);
        if (await protections.FindAsync(id, context.CancellationToken) is not { Status: ProtectionStatus.Preparing })
            throw new InvalidOperationException("the protection is not being prepared");
        if (await assemblies.FindAsync(id.Assembly, context.CancellationToken) is not { } assembly)
            return new DiscoveryResult(0, "the cloud assembly is gone");

        IReadOnlyList<DiscoveredResource> resources;
        try
        {
            resources = await provider.DiscoverAsync(assembly, context.CancellationToken);
        }
        catch (Exception error) when (error is not StoreUnavailableException && !context.CancellationToken.IsCancellationRequested)
        {
            log.LogWarning(error, "The resources of protection {ProtectionId} could not be discovered (correlation {CorrelationId})", id, run.CorrelationId);
            return new DiscoveryResult(0, error.Message is { Length: > LongestReason } longer ? $"{longer[..LongestReason]}..." : error.Message);
        }

        await inventory.SetAsync(id, resources, context.CancellationToken);
        log.LogInformation("Protection {ProtectionId} covers {Resources} resources (correlation {CorrelationId})", id, resources.Count, run.CorrelationId);
        return new DiscoveryResult(resources.Count);
    }
}
