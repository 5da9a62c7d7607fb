using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tests.Support;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Storage.Tests.Protections;

/// <summary>What every store of protections must do with what is asked of a protection.</summary>
public abstract class ActContract(IStoreBench bench)
{
    private static readonly ProtectionStatus[] ToSuccess = [Preparing, PreparationCompleted, InProgress, Success];
    private static readonly Actor Person = new("alice", "token-1", "request-1");
    private static readonly Actor Rule = Actor.Retention("look-1");
    private readonly IProtectionStore store = bench.Store;
    private readonly AssemblyKey assembly = StorageFixture.NewAssembly();

    [Fact]
    public async Task The_first_request_to_prune_stands_and_no_transition_touches_it()
    {
        var ended = await SuccessAsync();
        await PruneAsync(ended, Requests.Now.AddHours(1));
        Assert.Equal(ActResult.AlreadyDone, (await PruneAsync(ended, Requests.Now.AddHours(2))).Result);

        await store.MovedAsync(ended, PruningFailed);

        Assert.Equal(new Request(Requests.Now.AddHours(1), Person, "It was to be pruned."), (await FindAsync(ended)).Prune);
    }

    [Fact]
    public async Task Only_one_of_many_prune_requests_at_once_stands()
    {
        var ended = await SuccessAsync();

        var acts = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => PruneAsync(ended, Requests.Now.AddHours(writer))));

        Assert.Single(acts, act => act.Result == ActResult.Done);
        Assert.Single(acts.Select(act => act.Protection.Prune).Distinct());
        Assert.Single(await store.GetEventsAsync(ended.Id, CancellationToken.None));
    }

    [Fact]
    public async Task An_orchestration_that_is_lost_is_replaced_once_and_none_is_once_all_is_gone()
    {
        var ended = await SuccessAsync();

        var acts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReplaceAsync(lost: 0)));

        Assert.Single(acts, act => act.Result == ActResult.Done);
        var happened = Assert.Single(await store.GetEventsAsync(ended.Id, CancellationToken.None));
        Assert.Equal(
            (ProtectionEventKind.OrchestrationReplaced, $"Its orchestration has made no step since {Requests.Now:u}; another has taken over."), (happened.Kind, happened.Reason));
        Assert.Equal(ActResult.Done, (await ReplaceAsync(lost: 1)).Result);
        Assert.Equal(2, (await FindAsync(ended)).Generation);

        await store.MovedAsync(await FindAsync(ended), Elapsed);
        Assert.Equal(ActResult.AlreadyDone, (await ReplaceAsync(lost: 2)).Result);

        async Task<ProtectionAct> ReplaceAsync(int lost) => (await store.ActAsync(
            ended.Id, (current, summary) => current.ReplaceOrchestration(lost, summary, Requests.Now, Actor.Watchdog("look-1"), Requests.Now), CancellationToken.None))!;
    }

    [Fact]
    public async Task Events_come_back_in_order_with_who_and_why()
    {
        var ended = await SuccessAsync();
        await store.ActAsync(ended.Id, (current, summary) => current.SetLock(summary, Requests.Now, Person), CancellationToken.None);
        await store.ActAsync(ended.Id, (current, summary) => current.EndRetention(summary, Requests.Now.AddYears(1), Rule), CancellationToken.None);
        await store.ActAsync(ended.Id, (current, summary) => current.Unlock(summary, Requests.Now.AddYears(1), Person), CancellationToken.None);

        var events = await store.GetEventsAsync(ended.Id, CancellationToken.None);

        Assert.Equal([ProtectionEventKind.Locked, ProtectionEventKind.Kept, ProtectionEventKind.Unlocked], events.Select(happened => happened.Kind));
        Assert.Equal([Person, Rule, Person], events.Select(happened => happened.By));
        Assert.Equal([0, 1, 2], events.Select(happened => happened.Number));
        var found = await FindAsync(ended);
        Assert.Equal((null, "", 3), (found.Lock, found.Kept!.Reason, found.Events));
    }

    [Fact]
    public async Task The_newest_good_copy_is_known_with_the_outcome_and_the_next_best_takes_its_place()
    {
        var first = await SuccessAsync();
        Assert.Equal(first.Id, (await SummaryAsync()).NewestGood!.Id);
        var second = await SuccessAsync();
        var partial = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing, PreparationCompleted, InProgress, PartiallyProtected);
        var running = await store.CreatedAsync(Requests.New(assembly));
        Assert.Equal((second.Id, running.Id, running.Id), ((await SummaryAsync()).NewestGood!.Id, (await SummaryAsync()).Latest, (await SummaryAsync()).Running));

        await PruneAsync(second, Requests.Now);
        Assert.Equal(first.Id, (await SummaryAsync()).NewestGood!.Id);
        await PruneAsync(first, Requests.Now);
        Assert.Equal((partial.Id, PartiallyProtected), ((await SummaryAsync()).NewestGood!.Id, (await SummaryAsync()).NewestGood!.Outcome));
        await PruneAsync(partial, Requests.Now);
        Assert.Null((await SummaryAsync()).NewestGood);
        Assert.Empty(await store.ListHeldAsync(assembly, 0, CancellationToken.None));
    }

    [Fact]
    public async Task Two_copies_that_rules_and_people_remove_at_once_never_both_go_by_a_rule()
    {
        for (var round = 0; round < 5; round++)
        {
            var (first, second) = (await SuccessAsync(), await SuccessAsync());
            var rule = store.ActAsync(first.Id, (current, summary) => current.EndRetention(summary, Requests.Now.AddYears(1), Rule), CancellationToken.None);
            var person = PruneAsync(second, Requests.Now);
            await Task.WhenAll((Task)rule, person);

            // Whichever came first: where the person did, the older one was the newest by then.
            var newest = (await SummaryAsync()).NewestGood?.Id;
            Assert.Equal((await rule)!.Result == ActResult.NewestGood ? first.Id : null, newest);
            await PruneAsync(first, Requests.Now);
        }
    }

    [Fact]
    public async Task An_assembly_with_a_locked_protection_is_not_closed_and_a_closed_one_takes_no_lock()
    {
        var ended = await SuccessAsync();
        await store.ActAsync(ended.Id, (current, summary) => current.SetLock(summary, Requests.Now, Person), CancellationToken.None);
        Assert.Equal(ended.Id, await store.CloseAsync(assembly, CancellationToken.None));
        Assert.False((await SummaryAsync()).IsClosed);

        await store.ActAsync(ended.Id, (current, summary) => current.Unlock(summary, Requests.Now, Person), CancellationToken.None);
        Assert.Null(await store.CloseAsync(assembly, CancellationToken.None));
        var late = await store.ActAsync(ended.Id, (current, summary) => current.SetLock(summary, Requests.Now, Person), CancellationToken.None);

        Assert.Equal(ActResult.AssemblyClosed, late!.Result);
        Assert.Null((await FindAsync(ended)).Lock);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_is_refused_its_next_state_and_ends()
    {
        var running = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing);
        await store.ActAsync(running.Id, (current, summary) => current.RequestCancel(summary, Requests.Now, Person), CancellationToken.None);

        Assert.Equal(RecordResult.Cancelled, await store.RecordAsync(running.Next(PreparationCompleted, Requests.Now, "go"), CancellationToken.None));
        Assert.Equal(RecordResult.Recorded, await store.RecordAsync(running.Next(Failed, Requests.Now, "Cancelled by alice.", by: Person), CancellationToken.None));
        Assert.Equal((Failed, Failed, Person), ((await FindAsync(running)).Status, (await FindAsync(running)).Outcome, (await store.GetTimelineAsync(running.Id, CancellationToken.None))[^1].By));
    }

    [Fact]
    public async Task A_list_can_be_limited_to_states_and_turned_round()
    {
        var success = await SuccessAsync();
        var failed = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Failed);
        var running = await store.CreatedAsync(Requests.New(assembly));

        Assert.Equal([running.Id, failed.Id, success.Id], await ListAsync(null, oldestFirst: false));
        Assert.Equal([success.Id, failed.Id, running.Id], await ListAsync(null, oldestFirst: true));
        Assert.Equal([success.Id, failed.Id], await ListAsync([Success, Failed], oldestFirst: true));
        Assert.Equal([failed.Id], await ListAsync([Failed], oldestFirst: false));
        Assert.Equal([failed.Id], await ListAsync(null, oldestFirst: true, skip: 1, take: 1));
    }

    private async Task<IEnumerable<ProtectionId>> ListAsync(ProtectionStatus[]? statuses, bool oldestFirst, int skip = 0, int take = 10) =>
        (await store.ListAsync(new ProtectionQuery(assembly, 0, long.MaxValue, skip, take, statuses, oldestFirst), CancellationToken.None)).Items.Select(item => item.Id);

    private async Task<Protection> SuccessAsync() => await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), ToSuccess);

    private async Task<ProtectionAct> PruneAsync(Protection protection, DateTimeOffset at) =>
        (await store.ActAsync(protection.Id, (current, summary) => current.RequestPrune(summary, at, Person), CancellationToken.None))!;

    private async Task<Protection> FindAsync(Protection protection) => (await store.FindAsync(protection.Id, CancellationToken.None))!;

    private Task<ProtectionSummary> SummaryAsync() => store.GetSummaryAsync(assembly, CancellationToken.None);
}
