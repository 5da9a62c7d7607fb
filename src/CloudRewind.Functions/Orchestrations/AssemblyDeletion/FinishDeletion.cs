using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Watchdog;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Says on the assembly that it is deleted, and takes it off the watchdog's list.</summary>
public sealed class FinishDeletion(ICloudAssemblyStore assemblies, IUnfinishedDeletions unfinished, TimeProvider time, ILogger<FinishDeletion> log)
{
    /// <returns>True.</returns>
    [Function(nameof(FinishDeletion))]
    public async Task<bool> Run([ActivityTrigger] DeletionRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        await assemblies.AdvanceDeletionAsync(run.Assembly(), AssemblyStatus.Deleted, time.GetUtcNow(), context.CancellationToken);
        await unfinished.RemoveAsync(run.Assembly(), context.CancellationToken);
        log.LogInformation("Cloud assembly {Assembly} is deleted (correlation {CorrelationId})", run.Assembly(), run.CorrelationId);
        return true;
    }
}
