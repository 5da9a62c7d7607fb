using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Deletes one assembly: waits for a protection that runs, has every one pruned, and then lets the assembly go. It may be started anew at any time.</summary>
public static class DeletionOrchestrator
{
    /// <summary>The name of the orchestration.</summary>
    public const string Name = "AssemblyDeletion";

    private const int RoundsPerHistory = 50;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Some rounds of looking what is left.</summary>
    [Function(Name)]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = context.GetInput<DeletionRun>()!;
        if (!await context.CallActivityAsync<bool>(nameof(BeginDeletion), run, Retries.OfStorage))
            return; // there is no such assembly

        var wait = FirstWait;
        for (var round = 1; round <= RoundsPerHistory; round++)
        {
            if (await context.CallActivityAsync<int>(nameof(PruneForDeletion), run, Retries.OfStorage) == 0)
            {
                await context.CallActivityAsync<bool>(nameof(FinishDeletion), run, Retries.OfStorage);
                return;
            }

            await context.CreateTimer(wait, CancellationToken.None);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }

        context.ContinueAsNew(run);
    }
}
