using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Policies;

/// <summary>What every store of policies must do.</summary>
public abstract class PolicyStoreContract(IStoreBench bench)
{
    private static readonly Actor Person = new("alice", "token-1", "request-1");
    private static readonly Actor Scheduler = Actor.Scheduler("tick-1");
    private readonly IProtectionPolicyStore policies = bench.Policies;
    private readonly AssemblyKey assembly = StorageFixture.NewAssembly("a/b#c");

    [Fact]
    public async Task A_policy_comes_back_whole_and_is_due()
    {
        var created = await CreateAsync("nightly");

        Assert.Equal(new PolicyKey(assembly, 1), created.Key);
        Assert.Equal(created, await policies.FindAsync(created.Key, CancellationToken.None));
        Assert.Equal([created], await policies.ListAsync(assembly, CancellationToken.None));
        Assert.Equal([new Change(1, ChangeKind.Created, Requests.Now, Person, FieldChange.Between([], created.Definition.Fields))], await policies.ListChangesAsync(created.Key, 10, CancellationToken.None));
        Assert.Equal(Requests.Now.AddHours(1), created.NextDueAt);
        Assert.Contains(await DueAsync(Requests.Now.AddHours(1)), row => row.Key == created.Key);
        Assert.DoesNotContain(await DueAsync(Requests.Now), row => row.Key == created.Key);
    }

    [Fact]
    public async Task A_name_is_used_once_and_a_number_never_again()
    {
        var first = await CreateAsync("nightly");
        Assert.Equal(
            new PolicyResult.NameTaken(first.Key, "nightly"), await policies.CreateAsync(assembly, Define("NIGHTLY"), Requests.Now, Person, CancellationToken.None));
        var second = await CreateAsync("weekly");
        Assert.IsType<PolicyResult.NameTaken>(await ReplaceAsync(second.Key, Define("nightly"), Requests.Now));

        Assert.IsType<PolicyResult.Accepted>(await policies.DeleteAsync(second.Key, _ => true, Requests.Now, Person, CancellationToken.None));

        Assert.Null(await policies.FindAsync(second.Key, CancellationToken.None));
        Assert.Equal(3, (await CreateAsync("weekly")).Key.PolicyId);
        Assert.Equal([ChangeKind.Deleted, ChangeKind.Created], (await policies.ListChangesAsync(second.Key, 10, CancellationToken.None)).Select(change => change.Kind));
        Assert.IsType<PolicyResult.NoSuchPolicy>(await policies.DeleteAsync(second.Key, _ => true, Requests.Now, Person, CancellationToken.None));
        Assert.IsType<PolicyResult.NoSuchPolicy>(await ReplaceAsync(second.Key, Define("weekly"), Requests.Now));
        Assert.IsType<PolicyResult.ConditionFailed>(await policies.DeleteAsync(first.Key, _ => false, Requests.Now, Person, CancellationToken.None));
    }

    [Fact]
    public async Task Of_many_that_create_the_same_at_once_one_succeeds()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => policies.CreateAsync(assembly, Define("nightly"), Requests.Now, Person, CancellationToken.None)));

        Assert.Single(results.OfType<PolicyResult.Accepted>());
        Assert.Equal(7, results.OfType<PolicyResult.NameTaken>().Count());
    }

    [Fact]
    public async Task A_replacement_settles_what_was_due_however_much_that_is()
    {
        var created = await CreateAsync("nightly");
        var late = Requests.Now.AddHours(200);

        var replaced = Assert.IsType<PolicyResult.Accepted>(await ReplaceAsync(created.Key, Define("nightly") with { Schedule = new(Frequency.Hourly, "UTC") { OffsetMinutes = 5 } }, late)).Policy;

        Assert.Equal((2, 5, late.AddMinutes(5)), (replaced.Version, replaced.Definition.Schedule.OffsetMinutes, replaced.NextDueAt));
        Assert.Contains(await DueAsync(late.AddMinutes(5)), row => row.Key == created.Key && row.DueAt == late.AddMinutes(5));
        var page = await policies.ListMissedAsync(created.Key, 0, 1_000, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 200).Reverse().Select(hour => Requests.Now.AddHours(hour)), page.Items.Select(missed => missed.DueAt));
        Assert.All(page.Items, missed => Assert.Equal((MissedReason.PolicyChanged, late), (missed.Reason, missed.RecordedAt)));
        Assert.Equal((2, (int?)null), ((await policies.ListMissedAsync(created.Key, 5, 2, CancellationToken.None)).Items.Count, (await policies.ListMissedAsync(created.Key, 5, 2, CancellationToken.None)).Total));
    }

    [Fact]
    public async Task A_protection_is_made_with_the_decision_once_however_many_decide()
    {
        var created = await CreateAsync("nightly");
        var now = Requests.Now.AddMinutes(61);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AdvanceAsync(created.Key, now)));

        var started = Assert.Single(results, result => result!.Started is not null)!.Started!;
        Assert.Equal(new ProtectionId(assembly, 1, Requests.Now.AddHours(1).ToUnixTimeMilliseconds()), started.Id);
        Assert.Equal((true, "nightly", null, now), (started.IsScheduled, started.PolicyName, started.ExpiresAt, started.CreatedAt));
        Assert.Equal(started, (await bench.Store.FindAsync(started.Id, CancellationToken.None))! with { Version = null });
        Assert.Equal(Scheduler, Assert.Single(await bench.Store.GetTimelineAsync(started.Id, CancellationToken.None)).By);
        Assert.True(await bench.IsWatchedAsync(started.Id));
        Assert.Equal(Requests.Now.AddHours(2), (await policies.FindAsync(created.Key, CancellationToken.None))!.NextDueAt);
        Assert.Empty((await policies.ListMissedAsync(created.Key, 0, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task A_protection_that_runs_is_waited_for_and_then_the_due_time_is_missed()
    {
        var created = await CreateAsync("nightly");
        var running = await bench.Store.CreatedAsync(Requests.New(assembly));

        var waits = await AdvanceAsync(created.Key, Requests.Now.AddMinutes(65));
        Assert.Equal(new BlockedRun(Requests.Now.AddHours(1), running.Id), waits!.Step.Policy.Blocked);
        await AdvanceAsync(created.Key, Requests.Now.AddMinutes(91));

        var missed = Assert.Single((await policies.ListMissedAsync(created.Key, 0, 10, CancellationToken.None)).Items);
        Assert.Equal((Requests.Now.AddHours(1), MissedReason.ProtectionRunning), (missed.DueAt, missed.Reason));
        Assert.Contains(running.Id.ToString(), missed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_assembly_takes_no_policy_and_its_policies_decide_nothing()
    {
        var created = await CreateAsync("nightly");
        await bench.Store.CloseAsync(assembly, CancellationToken.None);

        Assert.IsType<PolicyResult.AssemblyClosed>(await policies.CreateAsync(assembly, Define("weekly"), Requests.Now, Person, CancellationToken.None));
        Assert.IsType<PolicyResult.AssemblyClosed>(await ReplaceAsync(created.Key, Define("nightly"), Requests.Now));
        Assert.Null(await AdvanceAsync(created.Key, Requests.Now.AddHours(1)));
    }

    [Fact]
    public async Task A_row_that_was_written_again_since_it_was_read_stays_due()
    {
        var key = new PolicyKey(assembly, 1);
        await bench.Due.AddAsync(key, Requests.Now, CancellationToken.None);
        var read = Assert.Single(await DueAsync(Requests.Now), row => row.Key == key);
        await bench.Due.AddAsync(key, Requests.Now, CancellationToken.None);

        await bench.Due.RemoveAsync(read, CancellationToken.None);
        var again = Assert.Single(await DueAsync(Requests.Now), row => row.Key == key);
        await bench.Due.RemoveAsync(again, CancellationToken.None);
        await bench.Due.RemoveAsync(again, CancellationToken.None);

        Assert.DoesNotContain(await DueAsync(Requests.Now), row => row.Key == key);
    }

    private static PolicyDefinition Define(string name) =>
        new(name, "every hour", new ScheduleDefinition(Frequency.Hourly, "Europe/Berlin"), PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled);

    private async Task<ProtectionPolicy> CreateAsync(string name) =>
        Assert.IsType<PolicyResult.Accepted>(await policies.CreateAsync(assembly, Define(name), Requests.Now, Person, CancellationToken.None)).Policy;

    private Task<PolicyResult> ReplaceAsync(PolicyKey key, PolicyDefinition definition, DateTimeOffset at) =>
        policies.ReplaceAsync(key, definition, _ => true, at, Person, CancellationToken.None);

    private Task<AdvanceResult?> AdvanceAsync(PolicyKey key, DateTimeOffset now) =>
        policies.AdvanceAsync(key, (policy, summary) => policy.Advance(Enabled(), summary.Running, now, Scheduler), CancellationToken.None);

    private CloudAssembly Enabled() => new(
        assembly,
        new AssemblyDefinition("Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/demo", null), new ResourceFilter.Manual([]), null, AssemblyStatus.Enabled),
        Requests.Now,
        Requests.Now,
        1);

    private async Task<List<DuePolicy>> DueAsync(DateTimeOffset now)
    {
        List<DuePolicy> rows = [];
        await foreach (var row in bench.Due.ListDueAsync(now, CancellationToken.None))
            rows.Add(row);
        return rows;
    }
}
