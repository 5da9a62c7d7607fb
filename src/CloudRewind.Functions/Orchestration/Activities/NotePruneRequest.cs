using CloudRewind.Protections;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestration.Activities;

/// <summary>Puts on record that the protection is to be pruned: an event that an orchestration has taken must outlive the orchestration.</summary>
public sealed class NotePruneRequest(IProtectionStore protections, TimeProvider time)
{
    /// <returns>False where there is no such protection.</returns>
    [Function(nameof(NotePruneRequest))]
    public Task<bool> Run([ActivityTrigger] LifecycleRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        return protections.RequestPruneAsync(ProtectionId.Parse(run.ProtectionId), time.GetUtcNow(), context.CancellationToken);
    }
}
