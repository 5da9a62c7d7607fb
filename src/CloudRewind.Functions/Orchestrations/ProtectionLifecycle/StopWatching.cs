using CloudRewind.Domain.Watchdog;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Takes a protection that has come to its last state off the watchdog's list.</summary>
public sealed class StopWatching(IUnfinishedProtections unfinished)
{
    /// <summary>Removes its row, if that is there.</summary>
    [Function(nameof(StopWatching))]
    public Task Run([ActivityTrigger] LifecycleInput input, FunctionContext context) =>
        unfinished.RemoveAsync(input.ProtectionId, context.CancellationToken);
}
