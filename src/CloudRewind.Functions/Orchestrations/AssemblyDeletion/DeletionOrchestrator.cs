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
        var steps = new OrchestrationSteps(context);
        if (input.Round is null && !await steps.CallAsync<bool>(nameof(BeginDeletion), input))
            return;

        var round = input.Round ?? DeletionRound.First;
        for (var step = 1; step <= StepsPerHistory; step++)
        {
            if (round.ToDo is [var range, ..])
            {
                var batch = new DeletionBatch(input.Assembly, input.By, input.Generation, range, round.WakesAgain);
                if (await steps.CallAsync<DeletionBatchResult?>(nameof(PruneBatch), batch) is not { } result)
                    return;
                round = round.After(result);
            }
            else if (round.Left > 0)
            {
                await steps.WaitAsync(round.Wait);
                round = round.Next();
            }
            else
            {
                await steps.CallAsync<object?>(nameof(FinishDeletion), input with { Round = null });
                return;
            }
        }

        context.ContinueAsNew(input with { Round = round });
    }
}
