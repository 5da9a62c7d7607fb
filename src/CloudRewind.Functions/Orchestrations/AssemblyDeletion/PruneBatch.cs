using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Marks protections of an assembly that is being deleted, cancels one that runs, and has those pruned that have their outcome.</summary>
public sealed class PruneBatch(IProtectionStore protections, TimeProvider time)
{
    /// <summary>How many protections one call looks at, so that it ends long before the function's time does.</summary>
    public const int Size = 500;

    private const int MaxConcurrency = 16;

    /// <summary>One batch. Repeating it is harmless.</summary>
    [Function(nameof(PruneBatch))]
    public async Task<DeletionBatchResult> Run([ActivityTrigger] DeletionBatch batch, [DurableClient] DurableTaskClient orchestrations, FunctionContext context)
    {
        var (from, to) = batch.Range;
        var by = batch.By ?? new Actor("unknown", null, "");
        var page = await protections.ListAsync(new ProtectionQuery(batch.Assembly, from, to, Skip: 0, Size), context.CancellationToken);
        await Parallel.ForEachAsync(
            page.Items,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = context.CancellationToken },
            async (protection, cancellationToken) =>
            {
                if (!protection.AssemblyIsBeingDeleted)
                    await protections.MarkAssemblyIsBeingDeletedAsync(protection.Id, cancellationToken);
                var now = time.GetUtcNow();
                if (protection.Status.IsRunning() && (protection.Cancel is null || batch.WakesAgain))
                    await protections.ActAsync(protection.Id, (current, summary) => current.RequestCancel(summary, now, by), cancellationToken);
                else if (protection.Status.IsOutcome() && (protection.Prune is null || batch.WakesAgain))
                    await protections.ActAsync(protection.Id, (current, summary) => current.RequestPrune(summary, now, by), cancellationToken);
                else
                    return; // it ends by itself; or it has elapsed, or is being pruned, which is tried again by itself
                await orchestrations.WakeOrStartAsync(protection.Id, by, cancellationToken);
            });

        var left = page.Items.Where(protection => !protection.Status.IsFinal()).Select(protection => protection.Id.EpochMilliseconds).ToList();
        return new DeletionBatchResult(
            left.Count,
            left.Count == 0 ? null : new CreationRange(left[^1], left[0]),
            page.Total is null ? new CreationRange(from, page.Items[^1].Id.EpochMilliseconds - 1) : null);
    }
}
