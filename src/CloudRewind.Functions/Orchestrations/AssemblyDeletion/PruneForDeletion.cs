using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Marks every protection of the assembly, and has those pruned that have their outcome.</summary>
public sealed class PruneForDeletion(IProtectionStore protections, TimeProvider time)
{
    private const int ProtectionsAtOnce = 1_000;

    /// <returns>How many protections are left that have not elapsed.</returns>
    [Function(nameof(PruneForDeletion))]
    public async Task<int> Run([ActivityTrigger] DeletionRun run, [DurableClient] DurableTaskClient orchestrations, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        var cancellation = context.CancellationToken;
        var left = 0;
        for (var skip = 0; ; skip += ProtectionsAtOnce)
        {
            var page = await protections.ListAsync(new ProtectionQuery(run.Assembly(), 0, long.MaxValue, skip, ProtectionsAtOnce), cancellation);
            foreach (var protection in page.Items)
            {
                if (!protection.AssemblyIsBeingDeleted)
                    await protections.MarkAssemblyIsBeingDeletedAsync(protection.Id, cancellation);
                if (protection.Status.IsFinal())
                    continue;
                left++;
                if (protection.Status.IsOutcome())
                {
                    // Each time anew, in case that the event of the last time was lost; what could not be removed is tried again by itself.
                    await protections.RequestPruneAsync(protection.Id, time.GetUtcNow(), cancellation);
                    await orchestrations.PruneNowAsync(protection.Id, run.CorrelationId, cancellation);
                }
            }

            if (page.Total is not null)
                return left;
        }
    }
}
