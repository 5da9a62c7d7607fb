using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using OrchestrationStatus = Microsoft.DurableTask.Protobuf.OrchestrationStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class AssemblyDeletionTests
{
    private static readonly AssemblyKey Assembly = new(1, "demo", 7);

    private readonly InMemoryProtections protections = new();
    private readonly InMemoryWorkList work = new();
    private readonly RecordedOrchestrations orchestrations = new();
    private readonly PruneBatch pruneBatch;
    private readonly OrchestrationRun run;

    public AssemblyDeletionTests()
    {
        pruneBatch = new PruneBatch(protections, work, new FakeTimeProvider(ProtectionScene.Start), new CollectedLog<PruneBatch>());
        work.EnsureAsync(WorkKey.Deletion(Assembly), ProtectionScene.Start, CancellationToken.None);
        run = OrchestrationRun.Of(
            DeletionOrchestrator.Name, DeletionOrchestrator.Run, InstanceId.Of(Assembly), new DeletionInput(Assembly, Actors.Test), ProtectionScene.Start);
        run.Activities[nameof(BeginDeletion)] = _ => true;
        run.Activities[nameof(PruneBatch)] = input =>
            pruneBatch.Run(ProtectionScene.Read<DeletionBatch>(input), orchestrations, new FakeFunctionContext(null)).GetAwaiter().GetResult();
        run.Activities[nameof(FinishDeletion)] = _ => null;
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

        Assert.Equal([nameof(BeginDeletion), nameof(PruneBatch), nameof(FinishDeletion)], run.Calls);
        Assert.Empty(run.Timers);
    }

    [Fact]
    public void It_waits_for_its_protections_ever_longer_up_to_a_minute()
    {
        var id = Add(1, ProtectionStatus.InProgress);
        run.At(ProtectionScene.Start.AddMinutes(3), () => Elapse([id]));

        run.RunToEnd();

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], run.Timers.Select(timer => timer.TotalSeconds));
        Assert.Equal(nameof(FinishDeletion), run.Calls[^1]);
        Assert.Equal(2, orchestrations.Raised.Count); // it is told to end, and told again when nothing has moved for long
    }

    [Fact]
    public void One_that_runs_is_cancelled_and_pruned_once_it_has_its_outcome()
    {
        var id = Add(1, ProtectionStatus.InProgress);
        run.At(ProtectionScene.Start.AddSeconds(5), () => protections.Rows[id] = protections.Rows[id] with { Status = ProtectionStatus.Success });
        run.RunUntil(() => orchestrations.Raised.Count == 1);
        Assert.Equal("Cancelled by alice.", protections.Rows[id].Cancel!.Reason);
        run.RunUntil(() => orchestrations.Raised.Count == 2);
        Assert.True(protections.Rows[id] is { AssemblyIsBeingDeleted: true, Prune: not null });

        Elapse([id]);
        run.RunToEnd();

        Assert.Equal([InstanceId.Of(id), InstanceId.Of(id)], orchestrations.Raised.Select(raised => raised.InstanceId));
    }

    [Fact]
    public void One_whose_event_was_lost_is_told_again_once_nothing_has_moved_for_a_minute()
    {
        var id = Add(1, ProtectionStatus.Success);

        run.RunUntil(() => orchestrations.Raised.Count == 2);

        Assert.InRange(run.Now, ProtectionScene.Start.AddMinutes(2), ProtectionScene.Start.AddMinutes(4));
        Elapse([id]);
        run.RunToEnd();
    }

    [Fact]
    public void Ten_thousand_are_pruned_in_short_batches_each_told_once_and_what_has_elapsed_is_not_looked_at_again()
    {
        const int Count = 10_000;
        const int ElapsingBetweenRounds = 4_000;
        var remaining = Enumerable.Range(1, Count).Select(number => Add(number, ProtectionStatus.Success)).Reverse().ToList();
        var timers = 0;
        var prune = run.Activities[nameof(PruneBatch)];
        run.Activities[nameof(PruneBatch)] = input =>
        {
            if (run.Timers.Count > timers)
            {
                timers = run.Timers.Count;
                Elapse(remaining[..Math.Min(ElapsingBetweenRounds, remaining.Count)]);
                remaining.RemoveRange(0, Math.Min(ElapsingBetweenRounds, remaining.Count));
            }

            return prune(input);
        };

        run.RunToEnd();

        // Each but the first begins with the last one of the batch before.
        const int Batches = 1 + (Count - PruneBatch.Size + PruneBatch.Size - 2) / (PruneBatch.Size - 1);
        const int Elapsed = ElapsingBetweenRounds / PruneBatch.Size;
        Assert.Equal(Batches + Batches + (Batches - Elapsed) + (Batches - 2 * Elapsed), run.Calls.Count(call => call == nameof(PruneBatch)));
        Assert.All(protections.Lists, list => Assert.True(list <= PruneBatch.Size));
        Assert.Equal(Count, orchestrations.Raised.Distinct().Count());
        Assert.Equal((Count, Count), (orchestrations.Raised.Count, orchestrations.Scheduled.Count));
        Assert.All(protections.Rows.Values, row => Assert.True(row.AssemblyIsBeingDeleted));
        Assert.Equal((1, nameof(FinishDeletion)), (run.Restarts, run.Calls[^1]));
    }

    [Fact]
    public void The_first_round_marks_the_oldest_too_however_long_the_newest_runs()
    {
        for (var number = 1; number <= 2 * PruneBatch.Size; number++)
            Add(number, number == 2 * PruneBatch.Size ? ProtectionStatus.InProgress : ProtectionStatus.Elapsed);

        run.RunUntil(() => run.Timers.Count == 3);

        Assert.All(protections.Rows.Values, row => Assert.True(row.AssemblyIsBeingDeleted));
        Assert.Equal([PruneBatch.Size, PruneBatch.Size, 2, 1, 1], protections.Lists); // a batch begins with the last one of that before; then only the one that is left
    }

    [Fact]
    public void After_fifty_steps_the_history_begins_anew_and_goes_on_where_it_was()
    {
        var id = Add(1, ProtectionStatus.PruningFailed);
        run.At(ProtectionScene.Start.AddHours(1), () => Elapse([id]));

        run.RunToEnd();

        Assert.InRange(run.Restarts, 1, 3);
        Assert.Equal(OrchestrationStatus.Completed, run.Ending!.OrchestrationStatus);
        Assert.Equal(1, run.Calls.Count(call => call == nameof(BeginDeletion)));
        Assert.Equal(1, run.Calls.Count(call => call == nameof(FinishDeletion)));
        Assert.All(run.Timers.Skip(5), timer => Assert.Equal(60, timer.TotalSeconds));
    }

    [Fact]
    public void An_outage_that_lasts_ends_the_orchestration_for_the_watchdog_to_start_it_again()
    {
        run.Activities[nameof(PruneBatch)] = _ => throw new IOException("storage does not answer");

        run.RunToEnd();

        Assert.Equal(OrchestrationStatus.Failed, run.Ending!.OrchestrationStatus);
    }

    [Fact]
    public async Task A_deletion_that_was_refused_meanwhile_does_not_begin_and_the_assembly_stays_open()
    {
        var store = new InMemoryProtectionStore(work);
        await work.CompleteAsync(WorkKey.Deletion(Assembly), claim: null, CancellationToken.None);
        var begin = new BeginDeletion(new OneAssembly(), store, work, new FakeTimeProvider(ProtectionScene.Start));
        var claim = await work.EnsureAsync(WorkKey.Deletion(Assembly), ProtectionScene.Start, CancellationToken.None);
        await work.CompleteAsync(WorkKey.Deletion(Assembly), claim, CancellationToken.None); // as a request does that finds a locked protection

        Assert.False(await BeginAsync());
        Assert.False((await store.GetSummaryAsync(Assembly, CancellationToken.None)).IsClosed);

        await work.EnsureAsync(WorkKey.Deletion(Assembly), ProtectionScene.Start, CancellationToken.None);
        Assert.True(await BeginAsync());
        Assert.True((await store.GetSummaryAsync(Assembly, CancellationToken.None)).IsClosed);

        Task<bool> BeginAsync() => begin.Run(new DeletionInput(Assembly, Actors.Test), new FakeFunctionContext(null));
    }

    [Theory]
    [InlineData(PruneBatch.Size + 1)]
    [InlineData(4 * PruneBatch.Size + 1)]
    public void Those_of_one_millisecond_are_pruned_all_though_a_batch_ends_between_them(int count)
    {
        Add(count, ProtectionStatus.Success); // on demand, and the newest
        for (var number = 1; number < count; number++)
            Add((number + 1) / 2, ProtectionStatus.Success, policyId: 1 + number % 2);
        var prune = run.Activities[nameof(PruneBatch)];
        run.Activities[nameof(PruneBatch)] = input =>
        {
            var result = prune(input);
            Elapse(protections.Rows.Values.Where(row => row.Prune is not null).Select(row => row.Id)); // before the next look
            return result;
        };

        run.RunToEnd();

        Assert.Equal(count, protections.Rows.Count);
        Assert.All(protections.Rows.Values, row => Assert.True(row is { AssemblyIsBeingDeleted: true, Status: ProtectionStatus.Elapsed }));
    }

    [Fact]
    public void What_is_decided_is_on_the_watchdogs_list_before()
    {
        var (running, ended) = (Add(1, ProtectionStatus.InProgress), Add(2, ProtectionStatus.Success));
        protections.Deciding = id => Assert.True(work.Has(id));

        run.RunUntil(() => run.Timers.Count == 1);

        Assert.NotNull(protections.Rows[running].Cancel);
        Assert.NotNull(protections.Rows[ended].Prune);
    }

    [Fact]
    public void An_engine_that_takes_no_message_does_not_keep_the_rest_from_being_told()
    {
        var ids = new[] { Add(1, ProtectionStatus.Success), Add(2, ProtectionStatus.Success) };
        orchestrations.Refuses = true;

        run.RunUntil(() => run.Timers.Count == 1);

        Assert.All(ids, id => Assert.NotNull(protections.Rows[id].Prune));
    }

    [Fact]
    public void An_orchestration_that_was_replaced_ends_at_its_next_step()
    {
        var id = Add(1, ProtectionStatus.InProgress);
        run.RunUntil(() => run.Timers.Count == 1);
        var deletion = work.Items.Single(item => item.Key == WorkKey.Deletion(Assembly));
        work.PostponeAsync(deletion, deletion with { Generation = 1 }, CancellationToken.None);

        run.RunToEnd();

        Assert.Equal(OrchestrationStatus.Completed, run.Ending!.OrchestrationStatus);
        Assert.Equal(ProtectionStatus.InProgress, protections.Rows[id].Status);
        Assert.DoesNotContain(nameof(FinishDeletion), run.Calls);
    }

    private ProtectionId Add(int number, ProtectionStatus status, long policyId = 0)
    {
        var row = new ProtectionScene().Row;
        var id = new ProtectionId(Assembly, policyId, number);
        protections.Rows[id] = row with { Id = id, Status = status, Sequence = 4 };
        return id;
    }

    private void Elapse(IEnumerable<ProtectionId> ids)
    {
        foreach (var id in ids)
            protections.Rows[id] = protections.Rows[id] with { Status = ProtectionStatus.Elapsed };
    }
}
