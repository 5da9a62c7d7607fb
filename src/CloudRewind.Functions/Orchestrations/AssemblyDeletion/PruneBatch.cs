using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Marks protections of an assembly that is being deleted, cancels one that runs, and has those pruned that have their outcome.</summary>
public sealed class PruneBatch(
    IProtectionStore protections, IWorkList work, TimeProvider time, ILogger<PruneBatch> log)
{
    /// <summary>How many protections one call looks at, so that it ends long before the function's time does.</summary>
    public const int Size = 500;

    private const int MaxConcurrency = 16;

    /// <summary>One batch. Repeating it is harmless.</summary>
    /// <returns>Null where the deletion is over, or another orchestration drives it.</returns>
    [Function(nameof(PruneBatch))]
    public async Task<DeletionBatchResult?> Run([ActivityTrigger] DeletionBatch batch, [DurableClient] DurableTaskClient orchestrations, FunctionContext context)
    {
        if (await work.FindGenerationAsync(WorkKey.Deletion(batch.Assembly), context.CancellationToken) != batch.Generation)
            return null;
        var (from, to) = batch.Range;
        var by = batch.By;
        var page = await protections.ListAsync(new ProtectionQuery(batch.Assembly, from, to, Skip: 0, Size), context.CancellationToken);
        await Parallel.ForEachAsync(
            page.Items,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = context.CancellationToken },
            async (protection, cancellationToken) =>
            {
                if (!protection.AssemblyIsBeingDeleted)
                    await protections.MarkAssemblyIsBeingDeletedAsync(protection.Id, cancellationToken);
                var isToCancel = protection.Status.IsRunning() && (protection.Cancel is null || batch.WakesAgain);
                var isToPrune = protection.Status.IsOutcome() && (protection.Prune is null || batch.WakesAgain);
                if (!isToCancel && !isToPrune)
                    return; // it ends by itself; or it has elapsed, or is being pruned, which is tried again by itself

                // Listed first: the decision is carried out, whatever happens next.
                var now = time.GetUtcNow();
                await work.EnsureAsync(WorkKey.Lifecycle(protection.Id), now, cancellationToken);
                var act = await protections.ActAsync(
                    protection.Id, (current, summary) => isToCancel ? current.RequestCancel(summary, now, by) : current.RequestPrune(summary, now, by), cancellationToken);
                await orchestrations.WakeOrStartAsync(act!.Protection, by, cancellationToken).OrLeaveToWatchdogAsync(protection.Id, by, log, cancellationToken);
            });

        var left = page.Items.Where(protection => !protection.Status.IsFinal()).Select(protection => protection.Id.EpochMilliseconds).ToList();
        return new DeletionBatchResult(
            left.Count,
            left.Count == 0 ? null : new CreationRange(left[^1], left[0]),
            page.Total is null ? new CreationRange(from, page.Items[^1].Id.EpochMilliseconds) : null);
    }
}
