using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Deletes one assembly: cancels a protection that runs, has every one pruned, and then lets the assembly go. It may be started anew at any time.</summary>
public static class DeletionOrchestrator
{
    /// <summary>The name of the orchestration.</summary>
    public const string Name = "AssemblyDeletion";

    private const int StepsPerHistory = 50;

    /// <summary>Some batches, and the waits between their rounds.</summary>
    [Function(Name)]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<DeletionInput>()!;
        if (input.Round is null && !await context.CallWithRetriesAsync<bool>(nameof(BeginDeletion), input))
            return;

        var round = input.Round ?? DeletionRound.First;
        for (var step = 1; step <= StepsPerHistory; step++)
        {
            if (round.ToDo is [var range, ..])
            {
                var batch = new DeletionBatch(input.Assembly, input.By, range, round.WakesAgain);
                round = round.After(await context.CallWithRetriesAsync<DeletionBatchResult>(nameof(PruneBatch), batch));
            }
            else if (round.Left > 0)
            {
                await context.CreateTimer(round.Wait, CancellationToken.None);
                round = round.Next();
            }
            else
            {
                await context.CallWithRetriesAsync(nameof(FinishDeletion), input with { Round = null });
                return;
            }
        }

        context.ContinueAsNew(input with { Round = round });
    }
}
