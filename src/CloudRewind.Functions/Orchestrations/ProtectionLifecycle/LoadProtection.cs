using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Reads the protection's row.</summary>
public sealed class LoadProtection(IProtectionStore protections, PaceSettings pace)
{
    /// <returns>Null where there is no such protection.</returns>
    [Function(nameof(LoadProtection))]
    public async Task<ProtectionState?> Run([ActivityTrigger] LifecycleRun run, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        return await protections.FindAsync(ProtectionId.Parse(run.ProtectionId), context.CancellationToken) is { } protection
            ? new ProtectionState(
                protection.Status.ToWireName(),
                protection.Sequence,
                protection.UpdatedAt,
                protection.ExpiresAt,
                protection.PruneRequestedAt is not null,
                protection.Counts,
                pace)
            : null;
    }
}
