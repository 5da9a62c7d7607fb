using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Reads the protection's row.</summary>
public sealed class LoadProtection(IProtectionStore protections, PollingOptions polling)
{
    /// <returns>Null where there is no such protection.</returns>
    [Function(nameof(LoadProtection))]
    public async Task<LoadedProtection?> Run([ActivityTrigger] LifecycleInput input, FunctionContext context) =>
        await protections.FindAsync(input.ProtectionId, context.CancellationToken) is { } protection
            ? new LoadedProtection(protection, polling)
            : null;
}
