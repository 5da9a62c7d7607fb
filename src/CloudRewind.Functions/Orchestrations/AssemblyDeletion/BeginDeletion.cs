using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Lets the assembly take no new protection, and marks it as being deleted.</summary>
public sealed class BeginDeletion(ICloudAssemblyStore assemblies, IProtectionStore protections, TimeProvider time)
{
    /// <returns>False where there is no such assembly.</returns>
    [Function(nameof(BeginDeletion))]
    public async Task<bool> Run([ActivityTrigger] DeletionInput input, FunctionContext context)
    {
        await protections.CloseAsync(input.Assembly, context.CancellationToken);
        return await assemblies.AdvanceDeletionAsync(input.Assembly, AssemblyStatus.DeleteInProgress, time.GetUtcNow(), context.CancellationToken) is not null;
    }
}
