using CloudRewind.Domain.Assemblies;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Tests.Support;
using OrchestrationStatus = Microsoft.DurableTask.Protobuf.OrchestrationStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class AssemblyDeletionTests
{
    private readonly OrchestrationRun run;
    private readonly Queue<int> left = new();

    public AssemblyDeletionTests()
    {
        run = OrchestrationRun.Of(
            DeletionOrchestrator.Name,
            DeletionOrchestrator.Run,
            OrchestrationInstance.IdOf(new AssemblyKey(1, "demo", 7)),
            new DeletionRun(1, "demo", 7, "test"),
            ProtectionScene.Start);
        run.Activities[nameof(BeginDeletion)] = _ => true;
        run.Activities[nameof(PruneForDeletion)] = _ => left.TryDequeue(out var protections) ? protections : 0;
        run.Activities[nameof(FinishDeletion)] = _ => true;
    }

    [Fact]
    public void An_assembly_that_is_not_there_needs_no_deletion()
    {
        run.Activities[nameof(BeginDeletion)] = _ => false;

        run.RunToEnd();

        Assert.Equal([nameof(BeginDeletion)], run.Calls);
    }

    [Fact]
    public void An_assembly_without_protections_goes_at_once()
    {
        run.RunToEnd();

        Assert.Equal([nameof(BeginDeletion), nameof(PruneForDeletion), nameof(FinishDeletion)], run.Calls);
        Assert.Empty(run.Timers);
    }

    [Fact]
    public void It_waits_for_its_protections_ever_longer_up_to_a_minute()
    {
        for (var round = 1; round <= 7; round++)
            left.Enqueue(1);

        run.RunToEnd();

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], run.Timers.Select(timer => timer.TotalSeconds));
        Assert.Equal(nameof(FinishDeletion), run.Calls[^1]);
    }

    [Fact]
    public void After_fifty_rounds_the_history_begins_anew()
    {
        for (var round = 1; round <= 60; round++)
            left.Enqueue(1);

        run.RunToEnd();

        Assert.Equal(1, run.Restarts);
        Assert.Equal(OrchestrationStatus.Completed, run.Ending!.OrchestrationStatus);
        Assert.Equal(1, run.Calls.Count(call => call == nameof(FinishDeletion)));
    }

    [Fact]
    public void An_outage_that_lasts_ends_the_orchestration_for_the_watchdog_to_start_it_again()
    {
        run.Activities[nameof(PruneForDeletion)] = _ => throw new IOException("storage does not answer");

        run.RunToEnd();

        Assert.Equal(OrchestrationStatus.Failed, run.Ending!.OrchestrationStatus);
    }
}
