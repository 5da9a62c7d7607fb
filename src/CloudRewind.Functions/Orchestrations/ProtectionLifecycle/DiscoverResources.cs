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
    /// <summary>One attempt.</summary>
    /// <exception cref="InvalidOperationException">The protection is past this step: a late repetition must not write an inventory that is in use.</exception>
    [Function(nameof(DiscoverResources))]
    public async Task<ProviderAnswer> Run([ActivityTrigger] LifecycleInput input, FunctionContext context)
    {
        var (id, correlationId) = (input.ProtectionId, input.CorrelationId);
        CloudRewindTelemetry.Tag(id, correlationId);
        if (await protections.FindAsync(id, context.CancellationToken) is not { Status: ProtectionStatus.Preparing })
            throw new InvalidOperationException("the protection is not being prepared");
        if (await assemblies.FindAsync(id.Assembly, context.CancellationToken) is not { } assembly)
            return new ProviderAnswer(Failure: "The cloud assembly is gone.");

        IReadOnlyList<DiscoveredResource> resources;
        try
        {
            resources = await provider.DiscoverAsync(assembly, context.CancellationToken);
        }
        catch (Exception error) when (error is not StoreUnavailableException && !context.CancellationToken.IsCancellationRequested)
        {
            log.LogWarning(error, "The resources of protection {ProtectionId} could not be discovered (correlation {CorrelationId})", id, correlationId);
            return new ProviderAnswer(Failure: ReasonText.Cut($"The resources could not be discovered: {error.Message}"), CanRetry: true);
        }

        await inventory.SetAsync(id, resources, context.CancellationToken);
        log.LogInformation("Protection {ProtectionId} covers {Resources} resources (correlation {CorrelationId})", id, resources.Count, correlationId);
        return new ProviderAnswer(resources.Count);
    }
}
