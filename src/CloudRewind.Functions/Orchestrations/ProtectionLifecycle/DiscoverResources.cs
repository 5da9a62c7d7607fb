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
    ProviderFailures failures,
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

        Discovery found;
        try
        {
            found = await provider.DiscoverAsync(new CaptureTarget(id, assembly), context.CancellationToken);
        }
        catch (Exception error) when (!error.EndsRound(context.CancellationToken))
        {
            return await failures.AnswerAsync(error, "The resources could not be discovered", input, context.CancellationToken);
        }

        await inventory.SetAsync(id, found.Resources, context.CancellationToken);
        log.LogInformation(
            "Protection {ProtectionId} covers {Resources} resources and leaves out {LeftOut} (correlation {CorrelationId})",
            id, found.Resources.Count, found.LeftOut.Count, correlationId);
        return new ProviderAnswer(
            new ResourceCounts(found.Resources.Count, 0, found.Resources.Count(resource => resource.Failure is not null)), NotCovered: Describe(found.LeftOut));
    }

    // The preview names all of them.
    private static string? Describe(IReadOnlyList<LeftOut> leftOut) => leftOut.Count == 0
        ? null
        : $"Not covered: {leftOut[0].ResourceId} ({leftOut[0].Type}): {leftOut[0].Reason}{(leftOut.Count == 1 ? "" : $" There are {leftOut.Count - 1} more.")}";
}
