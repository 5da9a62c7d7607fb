using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Sees to it that the assembly takes no new protection, and says so on it.</summary>
public sealed class BeginDeletion(ICloudAssemblyStore assemblies, IProtectionStore protections, TimeProvider time)
{
    /// <returns>False where there is no such assembly.</returns>
    [Function(nameof(BeginDeletion))]
    public async Task<bool> Run([ActivityTrigger] DeletionRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        await protections.CloseAsync(run.Assembly(), context.CancellationToken);
        return await assemblies.AdvanceDeletionAsync(run.Assembly(), AssemblyStatus.DeleteInProgress, time.GetUtcNow(), context.CancellationToken) is not null;
    }
}
