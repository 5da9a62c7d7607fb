using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Tokens;
using CloudRewind.Storage.Assemblies;
using CloudRewind.Storage.Capture;
using CloudRewind.Storage.Driving;
using CloudRewind.Storage.Policies;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;
using CloudRewind.Storage.Tokens;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Storage.Tests.Tables;

/// <summary>A write that storage has done, and whose answer never arrived, has the result that it would have had with the answer.</summary>
[Collection(StorageTests.Name)]
public sealed class LostAnswerTests(StorageFixture storage)
{
    private static readonly Actor Person = new("alice", "token-1", "request-1");
    private static readonly RevokedToken Lost = new("4f0c", "lost", Requests.Now, Person);
    private static readonly ProtectionStatus[] ToSuccess = [Preparing, PreparationCompleted, InProgress, Success];

    // Each does what it needs through stores that nothing happens to, calls one method of a store through the network that loses answers, and says what came of it.
    private static readonly Dictionary<string, Func<Stores, Stores, AssemblyKey, Task<string>>> Calls = new()
    {
        ["create a protection"] = async (intact, flaky, assembly) =>
        {
            var created = Assert.IsType<CreateResult.Accepted>(await flaky.Protections.CreateAsync(Requests.New(assembly), CancellationToken.None));
            return $"replayed: {created.Replayed}; {await OnRecordAsync(intact, created.Protection)}";
        },
        ["create a protection with a key"] = async (intact, flaky, assembly) =>
        {
            var created = Assert.IsType<CreateResult.Accepted>(await flaky.Protections.CreateAsync(Requests.New(assembly, "key"), CancellationToken.None));
            var again = Assert.IsType<CreateResult.Accepted>(await intact.Protections.CreateAsync(Requests.New(assembly, "key"), CancellationToken.None));
            return $"replayed: {created.Replayed}, {again.Replayed}; {await OnRecordAsync(intact, created.Protection)}";
        },
        ["record the first transition"] = async (intact, flaky, assembly) =>
            await RecordAsync(intact, flaky, await intact.Protections.CreatedAsync(Requests.New(assembly)), Preparing, null),
        ["record an inventory"] = async (intact, flaky, assembly) =>
            await RecordAsync(intact, flaky, await CreatedAsync(intact, assembly, Preparing), PreparationCompleted, Resources(3)),
        ["record an inventory that takes several transactions"] = async (intact, flaky, assembly) =>
            await RecordAsync(intact, flaky, await CreatedAsync(intact, assembly, Preparing), PreparationCompleted, Resources(120)),
        ["record an outcome"] = async (intact, flaky, assembly) =>
            await RecordAsync(intact, flaky, await CreatedAsync(intact, assembly, Preparing, PreparationCompleted, InProgress), Success, null),
        ["prune"] = async (intact, flaky, assembly) =>
            await ActAsync(intact, flaky, await CreatedAsync(intact, assembly, ToSuccess), (current, summary) => current.RequestPrune(summary, Requests.Now, Person)),
        ["lock"] = async (intact, flaky, assembly) =>
            await ActAsync(intact, flaky, await CreatedAsync(intact, assembly, ToSuccess), (current, summary) => current.SetLock(summary, Requests.Now, Person)),
        ["unlock"] = async (intact, flaky, assembly) =>
        {
            var locked = await CreatedAsync(intact, assembly, ToSuccess);
            await intact.Protections.ActAsync(locked.Id, (current, summary) => current.SetLock(summary, Requests.Now, Person), CancellationToken.None);
            return await ActAsync(intact, flaky, locked, (current, summary) => current.Unlock(summary, Requests.Now, Person));
        },
        ["cancel"] = async (intact, flaky, assembly) =>
            await ActAsync(intact, flaky, await CreatedAsync(intact, assembly, Preparing), (current, summary) => current.RequestCancel(summary, Requests.Now, Person)),
        ["keep by a rule"] = async (intact, flaky, assembly) =>
            await ActAsync(intact, flaky, await CreatedAsync(intact, assembly, ToSuccess), (current, summary) => current.ExceedCount(3, summary, Requests.Now, Person)),
        ["report progress"] = async (intact, flaky, assembly) =>
        {
            var running = await CreatedAsync(intact, assembly, Preparing, PreparationCompleted, InProgress);
            var isReported = await flaky.Protections.ReportProgressAsync(running, new CaptureProgress(new ResourceCounts(3, 1, 0), 40), CancellationToken.None);
            return $"{isReported}; {(await intact.Protections.FindAsync(running.Id, CancellationToken.None))!.Progress}";
        },
        ["mark an assembly's protection"] = async (intact, flaky, assembly) =>
        {
            var marked = await CreatedAsync(intact, assembly, ToSuccess);
            var isMarked = await flaky.Protections.MarkAssemblyIsBeingDeletedAsync(marked.Id, CancellationToken.None);
            return $"{isMarked}; {(await intact.Protections.FindAsync(marked.Id, CancellationToken.None))!.AssemblyIsBeingDeleted}";
        },
        ["close an assembly"] = async (intact, flaky, assembly) =>
        {
            var locked = await flaky.Protections.CloseAsync(assembly, CancellationToken.None);
            return $"locked: {locked}; closed: {(await intact.Protections.GetSummaryAsync(assembly, CancellationToken.None)).IsClosed}";
        },
        ["update an inventory"] = async (intact, flaky, assembly) =>
        {
            var prepared = await PreparedAsync(intact, assembly, 120);
            var entries = await intact.Inventory.ReadAsync(prepared.Id, CancellationToken.None);
            var written = await flaky.Inventory.TryUpdateAsync(prepared.Id, [.. entries.Select(entry => entry.Fail("no"))], CancellationToken.None);
            Assert.Equal(await intact.Inventory.ReadAsync(prepared.Id, CancellationToken.None), written);
            return $"{written.Count}";
        },
        ["remove an inventory"] = async (intact, flaky, assembly) =>
        {
            var prepared = await PreparedAsync(intact, assembly, 120);
            await flaky.Inventory.RemoveAsync(prepared.Id, [.. await intact.Inventory.ReadAsync(prepared.Id, CancellationToken.None)], CancellationToken.None);
            return $"{(await intact.Inventory.ReadAsync(prepared.Id, CancellationToken.None)).Count} left";
        },
        ["create a policy"] = async (intact, flaky, assembly) =>
            await OnRecordAsync(intact, assembly, await flaky.Policies.CreateAsync(assembly, Define("nightly"), Requests.Now, Person, CancellationToken.None)),
        ["replace a policy"] = async (intact, flaky, assembly) =>
        {
            var key = await PolicyAsync(intact, assembly);
            return await OnRecordAsync(intact, assembly, await flaky.Policies.ReplaceAsync(key, Define("daily"), _ => true, Requests.Now, Person, CancellationToken.None));
        },
        ["replace a policy in its first version"] = async (intact, flaky, assembly) =>
        {
            var key = await PolicyAsync(intact, assembly);
            return await OnRecordAsync(
                intact, assembly, await flaky.Policies.ReplaceAsync(key, Define("daily"), current => current.Version == 1, Requests.Now, Person, CancellationToken.None));
        },
        ["replace a policy whose undecided due times take several transactions"] = async (intact, flaky, assembly) =>
        {
            var key = await PolicyAsync(intact, assembly);
            var paused = Define("nightly") with { Status = PolicyStatus.Paused };
            return await OnRecordAsync(
                intact,
                assembly,
                await flaky.Policies.ReplaceAsync(key, paused, current => current.Version == 1, Requests.Now.AddHours(200), Person, CancellationToken.None));
        },
        ["delete a policy"] = async (intact, flaky, assembly) =>
        {
            var key = await PolicyAsync(intact, assembly);
            return await OnRecordAsync(intact, assembly, await flaky.Policies.DeleteAsync(key, current => current.Version == 1, Requests.Now, Person, CancellationToken.None));
        },
        ["start what is due"] = (intact, flaky, assembly) => AdvanceAsync(intact, flaky, assembly, Requests.Now.AddMinutes(61)),
        ["record missed due times"] = (intact, flaky, assembly) => AdvanceAsync(intact, flaky, assembly, Requests.Now.AddHours(4).AddMinutes(45)),
        ["record that a due time waits"] = async (intact, flaky, assembly) =>
        {
            await intact.Protections.CreatedAsync(Requests.New(assembly));
            return await AdvanceAsync(intact, flaky, assembly, Requests.Now.AddMinutes(61));
        },
        ["put a new assembly"] = async (intact, flaky, assembly) => await PutAsync(intact, flaky, assembly, _ => true),
        ["put an assembly where there is none"] = async (intact, flaky, assembly) => await PutAsync(intact, flaky, assembly, current => current is null),
        ["put an assembly again"] = async (intact, flaky, assembly) =>
        {
            await PutAsync(intact, intact, assembly, _ => true);
            return await PutAsync(intact, flaky, assembly, _ => true);
        },
        ["put an assembly in its first version"] = async (intact, flaky, assembly) =>
        {
            await PutAsync(intact, intact, assembly, _ => true);
            return await PutAsync(intact, flaky, assembly, current => current?.Version == 1);
        },
        ["advance a deletion"] = async (intact, flaky, assembly) =>
        {
            await PutAsync(intact, intact, assembly, _ => true);
            var (advanced, change) = (await flaky.Assemblies.AdvanceDeletionAsync(
                assembly, AssemblyStatus.DeleteRequested, Requests.Now, Person, CancellationToken.None))!.Value;
            Assert.Equivalent(advanced, await intact.Assemblies.FindAsync(assembly, CancellationToken.None), strict: true);
            return $"{advanced.Definition.Status} {advanced.Version}, change {change?.Version}, {await ChangesAsync(intact, assembly)}";
        },
        ["note a deletion"] = async (intact, flaky, assembly) =>
        {
            var version = await flaky.Work.EnsureAsync(WorkKey.Deletion(assembly), Requests.Now, CancellationToken.None);
            await intact.Work.CompleteAsync(WorkKey.Deletion(assembly), version, CancellationToken.None); // which it would not be in another version
            return $"there: {await intact.Work.ClaimAsync(WorkKey.Deletion(assembly), CancellationToken.None) is not null}";
        },
        ["claim a deletion"] = async (intact, flaky, assembly) =>
        {
            await intact.Work.EnsureAsync(WorkKey.Deletion(assembly), Requests.Now, CancellationToken.None);
            var version = await flaky.Work.ClaimAsync(WorkKey.Deletion(assembly), CancellationToken.None);
            await intact.Work.CompleteAsync(WorkKey.Deletion(assembly), version!, CancellationToken.None);
            return $"there: {await intact.Work.ClaimAsync(WorkKey.Deletion(assembly), CancellationToken.None) is not null}";
        },
        ["take a deletion off the list"] = async (intact, flaky, assembly) =>
        {
            await flaky.Work.CompleteAsync(WorkKey.Deletion(assembly), await intact.Work.EnsureAsync(WorkKey.Deletion(assembly), Requests.Now, CancellationToken.None), CancellationToken.None);
            return $"there: {await intact.Work.ClaimAsync(WorkKey.Deletion(assembly), CancellationToken.None) is not null}";
        },
        ["revoke a token"] = async (intact, flaky, assembly) =>
            $"{await flaky.Tokens.AddAsync(assembly.AccountId, Lost, CancellationToken.None)}"
            + $" {await intact.Tokens.AddAsync(assembly.AccountId, Lost, CancellationToken.None)}",
    };

    public static TheoryData<string, Fault, int> EveryCall
    {
        get
        {
            var data = new TheoryData<string, Fault, int>();
            foreach (var call in Calls.Keys)
            {
                data.Add(call, Fault.LostAnswer, 1);
                data.Add(call, Fault.LostAnswer, 2);
                data.Add(call, Fault.WrongAnswer, 1);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryCall))]
    public async Task A_call_whose_answers_are_lost_has_the_same_result(string call, Fault fault, int inARow)
    {
        var (expected, writes) = await RunAsync(call, Fault.None, first: 0, count: 0);
        Assert.NotEqual(0, writes);
        for (var first = 1; first <= writes; first++)
            Assert.Equal(expected, (await RunAsync(call, fault, first, inARow)).Result);
    }

    [Fact]
    public async Task A_replacement_that_another_has_replaced_before_the_repetition_is_accepted()
    {
        var intact = new Stores(storage, storage.Tables);
        var assembly = StorageFixture.NewAssembly();
        var key = await PolicyAsync(intact, assembly);
        var flaky = Flaky(Meanwhile(write: 2, () => intact.Policies.ReplaceAsync(key, Define("theirs"), _ => true, Requests.Now, Person, CancellationToken.None)));

        var mine = await flaky.Policies.ReplaceAsync(key, Define("mine"), current => current.Version == 1, Requests.Now, Person, CancellationToken.None);

        Assert.Equal(("mine", 2), (Assert.IsType<PolicyResult.Accepted>(mine).Policy.Definition.Name, Assert.IsType<PolicyResult.Accepted>(mine).Policy.Version));
        Assert.Equal([3, 2, 1], (await intact.Policies.ListChangesAsync(key, 10, CancellationToken.None)).Select(change => change.Version));
        Assert.Equal("theirs", (await intact.Policies.FindAsync(key, CancellationToken.None))!.Definition.Name);
    }

    [Fact]
    public async Task An_assembly_that_another_has_put_again_before_the_repetition_is_put()
    {
        var intact = new Stores(storage, storage.Tables);
        var assembly = StorageFixture.NewAssembly();
        var flaky = Flaky(Meanwhile(write: 1, () => PutAsync(intact, intact, assembly, _ => true)));

        var mine = await flaky.Assemblies.PutAsync(assembly, Definition(), current => current is null, Requests.Now, Person, CancellationToken.None);

        Assert.Equal(1, Assert.IsType<PutResult.Accepted>(mine).Assembly.Version);
        Assert.Equal([2, 1], (await intact.Assemblies.ListChangesAsync(assembly, 10, CancellationToken.None)).Select(change => change.Version));
    }

    [Fact]
    public async Task A_transition_that_another_has_followed_before_the_repetition_is_recorded()
    {
        var intact = new Stores(storage, storage.Tables);
        var created = await intact.Protections.CreatedAsync(Requests.New(StorageFixture.NewAssembly()));
        var transition = created.Next(Preparing, Requests.Now, "go");
        var flaky = Flaky(Meanwhile(write: 1, () => intact.Protections.MovedAsync(created.Record(transition), PreparationCompleted)));

        var recorded = await flaky.Protections.RecordAsync(transition, known: null, inventory: null, CancellationToken.None);

        Assert.Equal((RecordResult.Recorded, Preparing, null), (recorded.Result, recorded.Protection!.Status, recorded.Protection.Version));
        Assert.Equal(PreparationCompleted, (await intact.Protections.FindAsync(created.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_a_lost_race_is_recognized_too()
    {
        var intact = new Stores(storage, storage.Tables);
        var assembly = StorageFixture.NewAssembly();
        var key = await PolicyAsync(intact, assembly);
        var requests = 0;
        var flaky = Flaky(() =>
        {
            // The first attempt is too late for the version that it has read; the second one is on time, and its answer is lost.
            if (++requests == 2)
                intact.Policies.ReplaceAsync(key, Define("theirs"), _ => true, Requests.Now, Person, CancellationToken.None).GetAwaiter().GetResult();
            return requests == 4 ? Fault.LostAnswer : Fault.None; // each attempt says first when the policy is due
        });

        var mine = Assert.IsType<PolicyResult.Accepted>(await flaky.Policies.ReplaceAsync(key, Define("mine"), _ => true, Requests.Now, Person, CancellationToken.None));

        Assert.Equal(3, mine.Policy.Version);
        Assert.Equal([3, 2, 1], (await intact.Policies.ListChangesAsync(key, 10, CancellationToken.None)).Select(change => change.Version));
    }

    [Fact]
    public async Task A_write_that_another_was_faster_to_make_is_not_taken_for_its_own()
    {
        var intact = new Stores(storage, storage.Tables);
        var assembly = StorageFixture.NewAssembly();
        await PutAsync(intact, intact, assembly, _ => true);
        var late = Flaky(Meanwhile(write: 0, () => PutAsync(intact, intact, assembly, _ => true)));

        Assert.IsType<PutResult.ConditionFailed>(
            await late.Assemblies.PutAsync(assembly, Definition(), current => current?.Version == 1, Requests.Now, Person, CancellationToken.None));
        Assert.Equal(2, (await intact.Assemblies.FindAsync(assembly, CancellationToken.None))!.Version);
    }

    // The answer of one write is lost, and another writer is there before the repetition.
    private static Func<Fault> Meanwhile(int write, Func<Task> other)
    {
        var requests = 0;
        return () =>
        {
            if (++requests == write + 1)
                other().GetAwaiter().GetResult();
            return requests == write ? Fault.LostAnswer : Fault.None;
        };
    }

    private Stores Flaky(Func<Fault> next) => new(storage, storage.TablesThrough(new FaultyTransport(next)));

    private async Task<(string Result, int Writes)> RunAsync(string call, Fault fault, int first, int count)
    {
        var writes = 0;
        var flaky = Flaky(() => ++writes >= first && writes < first + count ? fault : Fault.None);
        var assembly = StorageFixture.NewAssembly();
        var result = await Calls[call](new Stores(storage, storage.Tables), flaky, assembly);
        return (result.Replace(assembly.ToString(), "ASSEMBLY", StringComparison.Ordinal), writes);
    }

    private static async Task<Protection> CreatedAsync(Stores stores, AssemblyKey assembly, params ProtectionStatus[] states) =>
        await stores.Protections.MovedAsync(await stores.Protections.CreatedAsync(Requests.New(assembly)), states);

    private static async Task<Protection> PreparedAsync(Stores stores, AssemblyKey assembly, int resources)
    {
        var preparing = await CreatedAsync(stores, assembly, Preparing);
        var recorded = await stores.Protections.RecordAsync(preparing.Next(PreparationCompleted, Requests.Now, "found"), preparing, Resources(resources), CancellationToken.None);
        return recorded.Protection!;
    }

    private static List<DiscoveredResource> Resources(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new DiscoveredResource($"vol-{number}", "ebs-volume", $"vol-{number}"))];

    private static async Task<string> RecordAsync(Stores intact, Stores flaky, Protection from, ProtectionStatus to, IReadOnlyCollection<DiscoveredResource>? inventory)
    {
        var recorded = await flaky.Protections.RecordAsync(from.Next(to, Requests.Now, "go"), from, inventory, CancellationToken.None);
        var entries = await intact.Inventory.ReadAsync(from.Id, CancellationToken.None);
        return $"{recorded.Result}; newest good before: {recorded.NewestGoodBefore}; {entries.Count} resources; {await OnRecordAsync(intact, recorded.Protection!)}";
    }

    private static async Task<string> ActAsync(Stores intact, Stores flaky, Protection protection, Func<Protection, ProtectionSummary, ProtectionAct> act)
    {
        var acted = (await flaky.Protections.ActAsync(protection.Id, act, CancellationToken.None))!;
        return $"{acted.Result}; {acted.Event?.Kind} {acted.Event?.Number}; {await OnRecordAsync(intact, acted.Protection)}";
    }

    // The version is part of what is compared: a later write under it must not be refused.
    private static async Task<string> OnRecordAsync(Stores intact, Protection protection)
    {
        Assert.Equal(await intact.Protections.FindAsync(protection.Id, CancellationToken.None), protection);
        var timeline = await intact.Protections.GetTimelineAsync(protection.Id, CancellationToken.None);
        var events = await intact.Protections.GetEventsAsync(protection.Id, CancellationToken.None);
        var summary = await intact.Protections.GetSummaryAsync(protection.Id.Assembly, CancellationToken.None);
        var held = await intact.Protections.ListHeldAsync(protection.Id.Assembly, protection.Id.PolicyId, CancellationToken.None);
        return $"{protection.Status} {protection.Sequence}; {timeline.Count} transitions, {events.Count} events, {held.Count} held; {summary}";
    }

    private static async Task<string> OnRecordAsync(Stores intact, AssemblyKey assembly, PolicyResult result)
    {
        var accepted = Assert.IsType<PolicyResult.Accepted>(result).Policy;
        var stored = await intact.Policies.FindAsync(accepted.Key, CancellationToken.None);
        var changes = await intact.Policies.ListChangesAsync(accepted.Key, 10, CancellationToken.None);
        var missed = await intact.Policies.ListMissedAsync(accepted.Key, 0, 1_000, CancellationToken.None);
        return $"{accepted.Definition.Name} {accepted.Version}, stored: {stored == accepted}, {(await intact.Policies.ListAsync(assembly, row => Assert.Fail(row.ToString()), CancellationToken.None)).Count} policies;"
            + $" {string.Join(", ", changes.Select(change => $"{change.Version} {change.Kind}"))}; {missed.Items.Count} missed";
    }

    private static async Task<string> AdvanceAsync(Stores intact, Stores flaky, AssemblyKey assembly, DateTimeOffset now)
    {
        var key = await PolicyAsync(intact, assembly);
        var enabled = new CloudAssembly(assembly, Definition(), Requests.Now, Requests.Now, 1);
        var advanced = (await flaky.Policies.AdvanceAsync(
            key, (policy, summary) => policy.Advance(enabled, summary.Running, now, Actor.Scheduler("tick-1")), CancellationToken.None))!;
        var missed = await intact.Policies.ListMissedAsync(key, 0, 1_000, CancellationToken.None);
        Assert.Equal(advanced.Step.Policy, await intact.Policies.FindAsync(key, CancellationToken.None));
        var all = await intact.Protections.ListAsync(new ProtectionQuery(assembly, 0, long.MaxValue, 0, 10), CancellationToken.None);
        return $"{advanced.Step.Missed.Count} missed, {missed.Items.Count} on record; started: {advanced.Started?.Id}; {all.Items.Count} protections";
    }

    private static async Task<string> PutAsync(Stores intact, Stores flaky, AssemblyKey assembly, Predicate<CloudAssembly?> condition)
    {
        var put = Assert.IsType<PutResult.Accepted>(await flaky.Assemblies.PutAsync(assembly, Definition(), condition, Requests.Now, Person, CancellationToken.None));
        Assert.Equivalent(await intact.Assemblies.FindAsync(assembly, CancellationToken.None), put.Assembly, strict: true);
        return $"version {put.Assembly.Version}, change {put.Change.Version}, {await ChangesAsync(intact, assembly)}";
    }

    private static async Task<string> ChangesAsync(Stores intact, AssemblyKey assembly) =>
        $"{(await intact.Assemblies.ListChangesAsync(assembly, 10, CancellationToken.None)).Count} changes";

    private static async Task<PolicyKey> PolicyAsync(Stores stores, AssemblyKey assembly) =>
        Assert.IsType<PolicyResult.Accepted>(await stores.Policies.CreateAsync(assembly, Define("nightly"), Requests.Now, Person, CancellationToken.None)).Policy.Key;

    private static PolicyDefinition Define(string name) =>
        new(name, null, new ScheduleDefinition(Frequency.Hourly, "UTC"), PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled);

    private static AssemblyDefinition Definition() => new(
        "Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/demo", null), new ResourceFilter.Manual([]), null, AssemblyStatus.Enabled);

    private sealed class Stores(StorageFixture storage, StorageTables tables)
    {
        public TableProtectionStore Protections { get; } = storage.Store(tables);

        public TableProtectionPolicyStore Policies { get; } = storage.Policies(tables);

        public TableCloudAssemblyStore Assemblies { get; } = new(tables);

        public TableResourceInventory Inventory { get; } = new(tables);

        public TableWorkList Work { get; } = new(tables);

        public TableRevokedTokens Tokens { get; } = new(tables);
    }
}
