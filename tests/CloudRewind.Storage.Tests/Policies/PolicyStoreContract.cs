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
    /// <summary>Who asks.</summary>
    protected static readonly Actor Person = new("alice", "token-1", "request-1");
    private static readonly Actor Scheduler = Actor.Scheduler("tick-1");
    private readonly IProtectionPolicyStore policies = bench.Policies;
    private readonly AssemblyKey assembly = StorageFixture.NewAssembly("a/b#c");

    /// <summary>The rows that could not be read.</summary>
    protected List<UnreadableRow> Unreadable { get; } = [];

    /// <summary>The assembly of the test.</summary>
    protected AssemblyKey Assembly => assembly;

    [Fact]
    public async Task A_policy_comes_back_whole_and_is_due()
    {
        var created = await CreateAsync("nightly");

        Assert.Equal(new PolicyKey(assembly, 1), created.Key);
        Assert.Equal(created, await policies.FindAsync(created.Key, CancellationToken.None));
        Assert.Equal([created], await policies.ListAsync(assembly, Unreadable.Add, CancellationToken.None));
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

    [Fact]
    public async Task What_a_clock_that_was_ahead_has_decided_is_corrected_and_each_due_time_is_decided_once()
    {
        var created = await CreateAsync("nightly");
        var ahead = Requests.Now.AddDays(40);
        await AdvanceToEndAsync(created.Key, ahead.AddMinutes(1));
        var startedAhead = new ProtectionId(assembly, created.Key.PolicyId, ahead.ToUnixTimeMilliseconds());
        await EndAsync(startedAhead);

        var now = Requests.Now.AddHours(3).AddMinutes(1);
        await AdvanceToEndAsync(created.Key, now);

        var corrected = (await policies.FindAsync(created.Key, CancellationToken.None))!;
        Assert.Equal((2, Requests.Now.AddHours(4)), (corrected.Version, corrected.NextDueAt));
        var change = (await policies.ListChangesAsync(created.Key, 10, CancellationToken.None))[0];
        Assert.Equal((ChangeKind.ClockCorrected, now, Scheduler), (change.Kind, change.At, change.By));
        Assert.Equal(Enumerable.Range(1, 3).Reverse().Select(hour => Requests.Now.AddHours(hour)), (await MissedAsync(created.Key)).Select(missed => missed.DueAt));

        // From then on each due time is decided as if nothing had happened, and the one that was started is not started again.
        Assert.Equal(Requests.Now.AddHours(4), await StartedAtAsync(created.Key, Requests.Now.AddHours(4).AddMinutes(1)));
        await AdvanceToEndAsync(created.Key, ahead.AddMinutes(-20));
        Assert.Null(await StartedAtAsync(created.Key, ahead.AddMinutes(1)));
        Assert.Equal(ahead.AddHours(1), (await policies.FindAsync(created.Key, CancellationToken.None))!.NextDueAt);
        Assert.DoesNotContain(ahead, (await MissedAsync(created.Key)).Select(missed => missed.DueAt));
    }

    [Fact]
    public async Task A_replacement_corrects_what_a_clock_that_was_ahead_has_decided()
    {
        var created = await CreateAsync("nightly");
        await AdvanceToEndAsync(created.Key, Requests.Now.AddDays(40).AddMinutes(40));
        var now = Requests.Now.AddMinutes(30);

        var definition = Define("nightly") with { Schedule = new(Frequency.Hourly, "UTC") { OffsetMinutes = 5 } };
        var result = await policies.ReplaceAsync(created.Key, definition, policy => policy.Version == created.Version, now, Person, CancellationToken.None);

        var replaced = Assert.IsType<PolicyResult.Accepted>(result).Policy;
        Assert.Equal((2, Requests.Now.AddMinutes(65)), (replaced.Version, replaced.NextDueAt));
        var changes = await policies.ListChangesAsync(created.Key, 10, CancellationToken.None);
        Assert.Equal([ChangeKind.Replaced, ChangeKind.Created], changes.Select(change => change.Kind));
        Assert.Equal("nextRunAt", changes[0].Fields[0].Name);
        Assert.Empty(await MissedAsync(created.Key));
    }

    [Fact]
    public async Task What_is_due_later_than_any_look_is_planned_is_listed()
    {
        var key = new PolicyKey(assembly, 1);
        await bench.Due.AddAsync(key, Requests.Now.AddHours(1), CancellationToken.None);
        await bench.Due.AddAsync(key, Requests.Now.AddDays(40), CancellationToken.None);

        List<DuePolicy> rows = [];
        await foreach (var row in bench.Due.ListAfterAsync(ProtectionPolicy.LatestLook(Requests.Now), Unreadable.Add, CancellationToken.None))
            rows.Add(row);

        Assert.Equal(Requests.Now.AddDays(40), Assert.Single(rows, row => row.Key == key).DueAt);
    }

    private async Task AdvanceToEndAsync(PolicyKey key, DateTimeOffset now)
    {
        while ((await AdvanceAsync(key, now))!.Step.HasMore)
        {
        }
    }

    private async Task<DateTimeOffset?> StartedAtAsync(PolicyKey key, DateTimeOffset now)
    {
        if ((await AdvanceAsync(key, now))!.Started is not { } started)
            return null;
        await EndAsync(started.Id);
        return DateTimeOffset.FromUnixTimeMilliseconds(started.Id.EpochMilliseconds);
    }

    private async Task EndAsync(ProtectionId id)
    {
        var running = (await bench.Store.FindAsync(id, CancellationToken.None))!;
        foreach (var to in new[] { ProtectionStatus.Preparing, ProtectionStatus.Skipped })
        {
            var transition = running.Next(to, running.UpdatedAt, "go");
            await bench.Store.RecordAsync(transition, CancellationToken.None);
            running = running.Record(transition);
        }
    }

    private async Task<IReadOnlyList<MissedRun>> MissedAsync(PolicyKey key) => (await policies.ListMissedAsync(key, 0, 10_000, CancellationToken.None)).Items;

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
        await foreach (var row in bench.Due.ListDueAsync(now, unreadable => Unreadable.Add(unreadable), CancellationToken.None))
            rows.Add(row);
        return rows;
    }
}
