using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tests.Support;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Storage.Tests.Protections;

/// <summary>What every store of protections must do.</summary>
public abstract class ProtectionStoreContract(IStoreBench bench)
{
    private static readonly ProtectionStatus[] ToSuccess = [Preparing, PreparationCompleted, InProgress, Success];
    private readonly IProtectionStore store = bench.Store;
    private readonly AssemblyKey assembly = StorageFixture.NewAssembly();

    [Fact]
    public async Task A_created_protection_has_its_first_transition_and_is_on_the_watchdogs_list()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));

        Assert.Equal(created, await store.FindAsync(created.Id, CancellationToken.None));
        Assert.Equal((Created, 0), (created.Status, created.Sequence));
        Assert.Equal(Requests.Now + TimeSpan.FromDays(30), created.ExpiresAt);
        var first = Assert.Single(await store.GetTimelineAsync(created.Id, CancellationToken.None));
        Assert.Equal((0, null, Created, Requests.Now), (first.Sequence, first.From, first.To, first.At));
        Assert.True(await bench.IsWatchedAsync(created.Id));
    }

    [Fact]
    public async Task An_unknown_protection_is_not_found() =>
        Assert.Null(await store.FindAsync(new ProtectionId(assembly, 0, 5), CancellationToken.None));

    [Theory]
    [InlineData(Success)]
    [InlineData(PartiallyProtected)]
    [InlineData(Failed)]
    public async Task An_assembly_is_free_again_with_the_outcome_and_not_before(ProtectionStatus outcome)
    {
        var first = await store.CreatedAsync(Requests.New(assembly));
        first = await store.MovedAsync(first, Preparing, PreparationCompleted, InProgress);
        Assert.Equal(first.Id, Assert.IsType<CreateResult.AssemblyBusy>(await store.CreateAsync(Requests.New(assembly), CancellationToken.None)).Running);

        await store.MovedAsync(first, outcome);

        Assert.NotEqual(first.Id, (await store.CreatedAsync(Requests.New(assembly))).Id);
    }

    [Fact]
    public async Task Where_the_snapshots_are_is_on_record_with_the_first_step_and_stands()
    {
        var location = new SnapshotLocation("Aws", "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", "an-external-id"));
        var created = await store.CreatedAsync(Requests.New(assembly));
        var step = created.Next(Preparing, Requests.Now, "go") with { Location = location };

        Assert.Equal(location, (await store.RecordAsync(step, created, null, CancellationToken.None)).Protection!.Location);
        var again = await store.RecordAsync(step with { Location = location with { Region = "us-east-1" } }, created, null, CancellationToken.None);

        Assert.Equal((RecordResult.AlreadyRecorded, location), (again.Result, again.Protection!.Location));
        var moved = await store.MovedAsync(again.Protection, PreparationCompleted, InProgress, Success);
        Assert.Equal(location, (await store.FindAsync(moved.Id, CancellationToken.None))!.Location);
    }

    [Fact]
    public async Task Only_one_of_many_creates_at_once_succeeds()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => store.CreateAsync(Requests.New(assembly), CancellationToken.None)));

        var created = Assert.Single(results.OfType<CreateResult.Accepted>()).Protection;
        Assert.All(results.OfType<CreateResult.AssemblyBusy>(), busy => Assert.Equal(created.Id, busy.Running));
        Assert.Equal(16, results.Length);
    }

    [Fact]
    public async Task Two_protections_of_the_same_millisecond_have_different_ids()
    {
        var first = await store.CreatedAsync(Requests.New(assembly));
        await store.MovedAsync(first, Failed);

        Assert.True((await store.CreatedAsync(Requests.New(assembly))).Id.EpochMilliseconds > first.Id.EpochMilliseconds);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_protection_even_after_its_outcome()
    {
        var first = await store.CreatedAsync(Requests.New(assembly, "key"));
        var moved = await store.MovedAsync(first, ToSuccess);

        var again = Assert.IsType<CreateResult.Accepted>(await store.CreateAsync(Requests.New(assembly, "key"), CancellationToken.None));

        Assert.True(again.Replayed);
        Assert.Equal(moved, again.Protection);
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_refused()
    {
        await store.CreatedAsync(Requests.New(assembly, "key"));

        Assert.IsType<CreateResult.IdempotencyKeyReused>(await store.CreateAsync(Requests.New(assembly, "key", "other"), CancellationToken.None));
    }

    [Fact]
    public async Task An_earlier_request_is_found_by_its_key_even_after_the_assembly_is_closed()
    {
        var created = await store.CreatedAsync(Requests.New(assembly, "key"));
        await store.CloseAsync(assembly, CancellationToken.None);

        Assert.Equal(new CreateResult.Accepted(created, Replayed: true), await FindEarlierAsync("key", "same"));
        Assert.IsType<CreateResult.IdempotencyKeyReused>(await FindEarlierAsync("key", "other"));
        Assert.Null(await FindEarlierAsync("unused", "same"));
    }

    [Fact]
    public async Task The_same_key_many_times_at_once_gives_one_protection()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => store.CreateAsync(Requests.New(assembly, "key"), CancellationToken.None)));

        Assert.Single(results.Select(result => Assert.IsType<CreateResult.Accepted>(result).Protection.Id).Distinct());
        Assert.Single(results, result => result is CreateResult.Accepted { Replayed: false });
    }

    [Fact]
    public async Task A_create_that_dies_half_way_is_finished_by_the_same_request()
    {
        var dying = bench.StoreThrough(() => Fault.CrashBefore);
        await Assert.ThrowsAsync<CrashException>(() => dying.CreateAsync(Requests.New(assembly, "key"), CancellationToken.None));

        var created = await store.CreatedAsync(Requests.New(assembly, "key"));

        Assert.Equal(Created, (await store.FindAsync(created.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Transitions_are_recorded_in_order_and_unchanged()
    {
        var moved = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), [.. ToSuccess, Elapsed]);

        var timeline = await store.GetTimelineAsync(moved.Id, CancellationToken.None);

        Assert.Equal([0, 1, 2, 3, 4, 5], timeline.Select(transition => transition.Sequence));
        Assert.Equal([Created, .. ToSuccess, Elapsed], timeline.Select(transition => transition.To));
        Assert.Equal(new ResourceCounts(2, 1, 1), timeline[^1].Counts);
        Assert.Equal("to Elapsed", timeline[^1].Reason);
        Assert.Equal(moved, await store.FindAsync(moved.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Recording_the_same_again_changes_nothing()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        var transition = created.Next(Preparing, Requests.Now, "go");
        await store.RecordAsync(transition, CancellationToken.None);

        Assert.Equal(RecordResult.AlreadyRecorded, await store.RecordAsync(transition, CancellationToken.None));
        await store.MovedAsync(created.Record(transition), PreparationCompleted);
        Assert.Equal(RecordResult.AlreadyRecorded, await store.RecordAsync(transition, CancellationToken.None));
        Assert.Equal(3, (await store.GetTimelineAsync(created.Id, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task The_same_transition_at_a_later_time_is_a_repetition_and_the_first_time_stands()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        var first = created.Next(Preparing, Requests.Now, "go");
        await store.RecordAsync(first, CancellationToken.None);

        var again = first with { At = first.At + TimeSpan.FromMinutes(1) };
        Assert.Equal(RecordResult.AlreadyRecorded, await store.RecordAsync(again, CancellationToken.None));
        await store.MovedAsync(created.Record(first), PreparationCompleted);
        Assert.Equal(RecordResult.AlreadyRecorded, await store.RecordAsync(again, CancellationToken.None));

        Assert.Equal(first, (await store.GetTimelineAsync(created.Id, CancellationToken.None))[1]);
    }

    [Fact]
    public async Task The_same_number_with_other_content_is_a_conflict()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        await store.RecordAsync(created.Next(Preparing, Requests.Now, "go"), CancellationToken.None);

        Assert.Equal(RecordResult.Conflict, await store.RecordAsync(created.Next(Preparing, Requests.Now, "another reason"), CancellationToken.None));
        Assert.Equal(RecordResult.Conflict, await store.RecordAsync(created.Next(Failed, Requests.Now, "go"), CancellationToken.None));
        Assert.Equal(Preparing, (await store.FindAsync(created.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task A_slow_duplicate_cannot_turn_the_status_back()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        var slow = created.Next(Failed, Requests.Now, "I am late");
        var moved = await store.MovedAsync(created, ToSuccess);

        Assert.Equal(RecordResult.Conflict, await store.RecordAsync(slow, CancellationToken.None));
        Assert.Equal(moved, await store.FindAsync(created.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_gap_is_a_conflict()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        var skipped = created.Record(created.Next(Preparing, Requests.Now, "never recorded"));

        Assert.Equal(RecordResult.Conflict, await store.RecordAsync(skipped.Next(Skipped, Requests.Now, "go"), CancellationToken.None));
    }

    [Fact]
    public async Task Only_legal_transitions_can_be_recorded()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        foreach (var to in Enum.GetValues<ProtectionStatus>().Where(to => !Lifecycle.Allows(Created, to)))
            Assert.Equal(RecordResult.Illegal, await store.RecordAsync(created.Next(to, Requests.Now, "go"), CancellationToken.None));

        Assert.Single(await store.GetTimelineAsync(created.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_can_be_recorded_for_an_unknown_protection()
    {
        var transition = new ProtectionTransition(new ProtectionId(assembly, 0, 5), 1, Created, Preparing, Requests.Now, "go", ResourceCounts.None);

        Assert.Equal(RecordResult.NoSuchProtection, await store.RecordAsync(transition, CancellationToken.None));
    }

    [Fact]
    public async Task Only_one_of_many_different_transitions_at_once_is_recorded()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(writer =>
            store.RecordAsync(created.Next(writer % 2 == 0 ? Preparing : Failed, Requests.Now, $"writer {writer}"), CancellationToken.None)));

        Assert.Single(results, RecordResult.Recorded);
        Assert.Equal(11, results.Count(result => result == RecordResult.Conflict));
        Assert.Equal(2, (await store.GetTimelineAsync(created.Id, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Time_never_goes_back_on_record()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        var early = created.Next(Preparing, Requests.Now, "by a machine whose clock is slow") with { At = Requests.Now.AddMinutes(-1) };

        Assert.Equal(RecordResult.Recorded, await store.RecordAsync(early, CancellationToken.None));

        Assert.Equal([Requests.Now, Requests.Now], (await store.GetTimelineAsync(created.Id, CancellationToken.None)).Select(transition => transition.At));
        Assert.Equal(Requests.Now, (await store.FindAsync(created.Id, CancellationToken.None))!.UpdatedAt);
    }

    [Fact]
    public async Task A_reason_of_any_length_can_be_recorded_and_repeated()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));
        var transition = created.Next(Failed, Requests.Now, new string('x', 100_000));

        Assert.Equal(RecordResult.Recorded, await store.RecordAsync(transition, CancellationToken.None));
        Assert.Equal(RecordResult.AlreadyRecorded, await store.RecordAsync(transition, CancellationToken.None));
    }

    [Fact]
    public async Task Progress_is_noted_without_a_transition_for_the_state_that_it_was_reported_of_and_no_later_one()
    {
        var moving = await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing, PreparationCompleted, InProgress);
        foreach (var progress in new CaptureProgress[] { new(new ResourceCounts(3, 1, 1), 40, "AWS limits requests."), new(new ResourceCounts(3, 1, 1), 60) })
        {
            Assert.True(await store.ReportProgressAsync(moving with { Sequence = moving.Sequence - 1, Version = null }, progress, CancellationToken.None)); // late, of the state before
            Assert.NotEqual(progress, (await store.FindAsync(moving.Id, CancellationToken.None))!.Progress);
            Assert.True(await store.ReportProgressAsync(moving, progress, CancellationToken.None));
            Assert.Equal(moving with { Progress = progress, Version = null }, (await store.FindAsync(moving.Id, CancellationToken.None))! with { Version = null });
        }

        Assert.Null((await store.FindAsync((await store.MovedAsync(moving, Success)).Id, CancellationToken.None))!.Progress);
    }

    [Fact]
    public async Task An_unknown_protection_can_be_neither_asked_for_anything_nor_marked_nor_reported_on()
    {
        var id = new ProtectionId(assembly, 0, 5);

        Assert.Null(await store.ActAsync(id, (_, _) => throw new InvalidOperationException("there is none"), CancellationToken.None));
        Assert.False(await store.MarkAssemblyIsBeingDeletedAsync(id, CancellationToken.None));
        Assert.False(await store.ReportProgressAsync(Protection.Create(Requests.New(assembly), 0).Protection, new CaptureProgress(ResourceCounts.None, 0), CancellationToken.None));
        Assert.Null(await store.FindAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task A_lookup_shows_that_the_assembly_is_being_deleted()
    {
        var created = await store.CreatedAsync(Requests.New(assembly));

        Assert.True(await store.MarkAssemblyIsBeingDeletedAsync(created.Id, CancellationToken.None));

        Assert.True((await store.FindAsync(created.Id, CancellationToken.None))!.AssemblyIsBeingDeleted);
    }

    [Fact]
    public async Task A_closed_assembly_takes_no_new_protection_and_the_running_one_goes_on()
    {
        var running = await store.CreatedAsync(Requests.New(assembly));
        await store.CloseAsync(assembly, CancellationToken.None);
        await store.CloseAsync(assembly, CancellationToken.None);

        Assert.IsType<CreateResult.AssemblyClosed>(await store.CreateAsync(Requests.New(assembly), CancellationToken.None));
        await store.MovedAsync(running, ToSuccess);
        Assert.IsType<CreateResult.AssemblyClosed>(await store.CreateAsync(Requests.New(assembly), CancellationToken.None));
    }

    [Fact]
    public async Task An_assembly_that_was_never_protected_can_be_closed()
    {
        await store.CloseAsync(assembly, CancellationToken.None);

        Assert.IsType<CreateResult.AssemblyClosed>(await store.CreateAsync(Requests.New(assembly), CancellationToken.None));
    }

    [Fact]
    public async Task A_list_is_newest_first_within_its_range_and_has_a_total_when_read_to_the_end()
    {
        var created = new List<ProtectionId>();
        for (var number = 0; number < 5; number++)
        {
            var protection = await store.CreatedAsync(Requests.New(assembly, at: Requests.Now.AddMinutes(number)));
            await store.MovedAsync(protection, Failed);
            created.Insert(0, protection.Id);
        }

        Same(created, 5, await ListAsync(0, long.MaxValue, 0, 10));
        Same(created, 5, await ListAsync(0, long.MaxValue, 0, 5));
        Same(created[..4], null, await ListAsync(0, long.MaxValue, 0, 4));
        Same(created[3..], 5, await ListAsync(0, long.MaxValue, 3, 10));
        Same([], 5, await ListAsync(0, long.MaxValue, 7, 10));
        Same(created[1..4], 3, await ListAsync(created[3].EpochMilliseconds, created[1].EpochMilliseconds, 0, 10));
        Same([], 0, await ListAsync(created[0].EpochMilliseconds + 1, long.MaxValue, 0, 10));
        Same([], 0, await ListAsync(5, 4, 0, 10));
    }

    [Theory]
    [InlineData("a/b\\c#d?e")]
    [InlineData("\u0001\u0085\t")]
    [InlineData("😀 ü")]
    [InlineData("' or '1' eq '1")]
    [InlineData("a:b:7")]
    [InlineData("=3A")]
    public async Task A_project_may_have_any_name(string project)
    {
        var key = StorageFixture.NewAssembly(project);

        var created = await store.CreatedAsync(Requests.New(key));
        await store.MovedAsync(created, Failed);

        Assert.Equal(Failed, (await store.FindAsync(created.Id, CancellationToken.None))!.Status);
        Assert.Equal(2, (await store.GetTimelineAsync(created.Id, CancellationToken.None)).Count);
        Assert.Single((await store.ListAsync(new ProtectionQuery(key, 0, long.MaxValue, 0, 10), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Similar_project_names_share_nothing()
    {
        var account = StorageFixture.NewAssembly().AccountId;
        var longer = new string('x', 500);
        string[] projects = ["a", "A", "a:7", "a/7", "a=2F7", $"{longer}1", $"{longer}2", "a ", " a"];
        foreach (var project in projects)
            await store.CreatedAsync(Requests.New(new AssemblyKey(account, project, 7)));

        foreach (var project in projects)
        {
            var page = await store.ListAsync(new ProtectionQuery(new AssemblyKey(account, project, 7), 0, long.MaxValue, 0, 10), CancellationToken.None);
            Assert.Equal(project, Assert.Single(page.Items).Id.Assembly.ProjectId);
        }
    }

    private Task<CreateResult?> FindEarlierAsync(string key, string fingerprint) =>
        store.FindEarlierAsync(assembly, new IdempotencyKey(key, fingerprint), CancellationToken.None);

    private Task<ProtectionPage> ListAsync(long from, long to, int skip, int take) =>
        store.ListAsync(new ProtectionQuery(assembly, from, to, skip, take), CancellationToken.None);

    private static void Same(IEnumerable<ProtectionId> items, int? total, ProtectionPage page)
    {
        Assert.Equal(items, page.Items.Select(item => item.Id));
        Assert.Equal(total, page.Total);
    }
}
