using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Takes a protection that has come to its last state off the watchdog's list.</summary>
public sealed class FinishWatching(IUnfinishedProtections unfinished)
{
    /// <returns>True.</returns>
    [Function(nameof(FinishWatching))]
    public async Task<bool> Run([ActivityTrigger] LifecycleRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        await unfinished.RemoveAsync(ProtectionId.Parse(run.ProtectionId), context.CancellationToken);
        return true;
    }
}
