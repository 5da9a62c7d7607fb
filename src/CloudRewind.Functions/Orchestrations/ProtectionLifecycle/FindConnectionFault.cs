using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Asks whether the protection can start at all.</summary>
public sealed class FindConnectionFault(ICloudAssemblyStore assemblies, ICaptureProvider provider)
{
    /// <returns>Null where it can; else why not.</returns>
    [Function(nameof(FindConnectionFault))]
    public async Task<string?> Run([ActivityTrigger] LifecycleRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        return await assemblies.FindAsync(ProtectionId.Parse(run.ProtectionId).Assembly, context.CancellationToken) is { } assembly
            ? await provider.CheckAsync(assembly, context.CancellationToken)
            : "The cloud assembly is gone.";
    }
}
