using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Lets the assembly take no new protection, and marks it as being deleted.</summary>
public sealed class BeginDeletion(ICloudAssemblyStore assemblies, IProtectionStore protections, IWorkList work, TimeProvider time)
{
    /// <returns>False where there is no such assembly, a protection of it is locked, or it is not on the list or another orchestration drives it: the request that asked for the deletion was refused, or died, or this one was replaced.</returns>
    [Function(nameof(BeginDeletion))]
    public async Task<bool> Run([ActivityTrigger] DeletionInput input, FunctionContext context)
    {
        var key = WorkKey.Deletion(input.Assembly);
        if (await work.FindGenerationAsync(key, context.CancellationToken) != input.Generation)
            return false;
        if (await work.ClaimAsync(key, context.CancellationToken) is not { } claim)
            return false;
        if (await protections.CloseAsync(input.Assembly, context.CancellationToken) is not null)
        {
            await work.CompleteAsync(key, claim, context.CancellationToken);
            return false;
        }

        return await assemblies.AdvanceDeletionAsync(input.Assembly, AssemblyStatus.DeleteInProgress, time.GetUtcNow(), input.By, context.CancellationToken) is not null;
    }
}
