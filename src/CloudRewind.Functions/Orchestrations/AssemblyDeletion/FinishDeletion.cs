using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Marks the assembly as deleted, and takes it off the watchdog's list.</summary>
public sealed class FinishDeletion(ICloudAssemblyStore assemblies, IWorkList work, TimeProvider time, ILogger<FinishDeletion> log)
{
    /// <summary>In this order: a row that is left over is harmless.</summary>
    [Function(nameof(FinishDeletion))]
    public async Task Run([ActivityTrigger] DeletionInput input, FunctionContext context)
    {
        await assemblies.AdvanceDeletionAsync(input.Assembly, AssemblyStatus.Deleted, time.GetUtcNow(), input.By, context.CancellationToken);
        await work.CompleteAsync(WorkKey.Deletion(input.Assembly), claim: null, context.CancellationToken);
        log.LogInformation("Cloud assembly {Assembly} is deleted (correlation {CorrelationId})", input.Assembly, input.CorrelationId);
    }
}
