using System.Diagnostics.Metrics;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Telemetry;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>What is told to older copies when a new one has its outcome.</summary>
public sealed class CopyReleaseTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AssemblyKey Assembly = new(1, "demo", 7);

    private readonly FakeTimeProvider time = new(Start);
    private readonly InMemoryWorkList work = new();
    private readonly InMemoryDuePolicies due = new();
    private readonly InMemoryProtectionStore store;
    private readonly RecordedOrchestrations orchestrations = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CountRetention counts;
    private readonly CopyRelease release;
    private readonly TransitionRecorder recorder;

    public CopyReleaseTests()
    {
        store = new InMemoryProtectionStore(work, due);
        counts = new CountRetention(store, due, store, work, new WatchPolicy(TimeSpan.FromMinutes(5), TimeSpan.FromHours(6)), time);
        release = new CopyRelease(counts, store, work, time, new CollectedLog<CopyRelease>());
        recorder = new TransitionRecorder(
            store, release, new CloudRewindTelemetry(services.GetRequiredService<IMeterFactory>()), time, new CollectedLog<TransitionRecorder>());
    }

    [Fact]
    public async Task The_copy_that_was_kept_as_the_newest_is_told_that_a_newer_one_is_there()
    {
        var old = await SuccessAsync(null);
        await store.ActAsync(old, (current, summary) => current.EndRetention(summary, Start.AddYears(1), Actors.Test), CancellationToken.None);
        Assert.Empty(orchestrations.Raised);

        await SuccessAsync(null);

        Assert.Equal([(InstanceId.Of(old), LifecycleOrchestrator.WakeEvent)], orchestrations.Raised);
        Assert.Equal(time.GetUtcNow(), work.DueAt(old)); // should the event be lost
    }

    [Fact]
    public async Task One_that_nothing_would_have_removed_is_left_alone()
    {
        await SuccessAsync(null);
        await SuccessAsync(null);

        Assert.Empty(orchestrations.Raised);
    }

    [Fact]
    public async Task Of_a_policys_copies_those_beyond_its_count_are_decided_and_told_and_the_locked_one_stays()
    {
        var definition = new PolicyDefinition("hourly", null, new ScheduleDefinition(Frequency.Hourly, "UTC"), 3, PolicyStatus.Enabled);
        await store.CreateAsync(Assembly, definition, Start, Actors.Test, CancellationToken.None);
        var ids = new List<ProtectionId>();
        for (var hour = 1; hour <= 5; hour++)
        {
            ids.Add(await SuccessAsync(Start.AddHours(hour)));
            if (hour == 1)
                await store.ActAsync(ids[0], (current, summary) => current.SetLock(summary, Start, Actors.Test), CancellationToken.None);
        }

        Assert.Equal([(InstanceId.Of(ids[1]), LifecycleOrchestrator.WakeEvent)], orchestrations.Raised);
        var gone = (await store.FindAsync(ids[1], CancellationToken.None))!;
        Assert.Equal(("retention", "Its policy keeps 3 good copies, and there are newer ones."), (gone.Prune!.By.Name, gone.Prune.Reason));
        Assert.Contains("locked", (await store.FindAsync(ids[0], CancellationToken.None))!.Kept!.Reason, StringComparison.Ordinal);
        foreach (var id in ids.Skip(2))
            Assert.Null((await store.FindAsync(id, CancellationToken.None))!.Prune);

        // Unlocked, it goes, whether or not there is ever another copy.
        var unlocked = await store.ActAsync(ids[0], (current, summary) => current.Unlock(summary, Start, Actors.Test), CancellationToken.None);
        await release.LookAgainAsync(unlocked!.Protection, orchestrations, "test", CancellationToken.None);
        Assert.Equal((InstanceId.Of(ids[0]), LifecycleOrchestrator.WakeEvent), orchestrations.Raised[^1]);
        Assert.NotNull((await store.FindAsync(ids[0], CancellationToken.None))!.Prune);
    }

    [Fact]
    public async Task What_a_call_does_not_get_to_the_next_looks_let_go()
    {
        var definition = new PolicyDefinition("hourly", null, new ScheduleDefinition(Frequency.Hourly, "UTC"), PolicyDefinition.MaxRetentionCount, PolicyStatus.Disabled);
        await store.CreateAsync(Assembly, definition, Start, Actors.Test, CancellationToken.None);
        for (var hour = 1; hour <= 13; hour++)
            await SuccessAsync(Start.AddHours(hour));
        var policy = new PolicyKey(Assembly, 1);
        await store.ReplaceAsync(policy, definition with { RetentionCount = 3 }, _ => true, time.GetUtcNow(), Actors.Test, CancellationToken.None);
        List<ProtectionId> told = [];

        await counts.ApplyAsync(policy, Actors.Test, TellSlowlyAsync, CountRetention.LimitOfCaller, CancellationToken.None);

        Assert.Equal((2, time.GetUtcNow()), (told.Count, due.FirstDueAt));
        await release.AtLookAsync((await store.FindAsync(policy, CancellationToken.None))!, orchestrations, "test", CancellationToken.None);
        Assert.Equal(8, orchestrations.Raised.Distinct().Count());
        Assert.Equal(3, (await store.ListHeldAsync(Assembly, 1, CancellationToken.None)).Count);

        Task TellSlowlyAsync(Protection copy)
        {
            told.Add(copy.Id);
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_the_engine_is_not_told_of_the_watchdog_finds()
    {
        await store.CreateAsync(
            Assembly, new PolicyDefinition("hourly", null, new ScheduleDefinition(Frequency.Hourly, "UTC"), 3, PolicyStatus.Enabled), Start, Actors.Test, CancellationToken.None);
        var first = await SuccessAsync(Start.AddHours(1));
        await work.CompleteAsync(WorkKey.Lifecycle(first), claim: null, CancellationToken.None); // as the watchdog does with what only a count will end
        orchestrations.Refuses = true;
        for (var hour = 2; hour <= 4; hour++)
            await SuccessAsync(Start.AddHours(hour));

        Assert.NotNull((await store.FindAsync(first, CancellationToken.None))!.Prune);
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromMinutes(5), work.DueAt(first));
    }

    [Fact]
    public async Task A_round_that_is_repeated_after_its_outcome_was_recorded_makes_up_for_what_was_not_told()
    {
        await store.CreateAsync(
            Assembly, new PolicyDefinition("hourly", null, new ScheduleDefinition(Frequency.Hourly, "UTC"), 3, PolicyStatus.Enabled), Start, Actors.Test, CancellationToken.None);
        var first = await SuccessAsync(Start.AddHours(1));
        await SuccessAsync(Start.AddHours(2));
        await SuccessAsync(Start.AddHours(3));
        var last = await CreateAsync(Start.AddHours(4));
        foreach (var to in new[] { Preparing, PreparationCompleted, InProgress, Success }) // and the process dies
            last = (await store.RecordAsync(last.Next(to, time.GetUtcNow(), "go"), last, inventory: null, CancellationToken.None)).Protection!;
        Assert.Null((await store.FindAsync(first, CancellationToken.None))!.Prune);

        var telemetry = new CloudRewindTelemetry(services.GetRequiredService<IMeterFactory>());
        var round = new CaptureResources(store, new OneAssembly(), captures: null!, recorder, telemetry, time, new CollectedLog<CaptureResources>());
        Assert.Null(await round.Run(new LifecycleInput(last.Id, Actors.Test), orchestrations, new FakeFunctionContext(null)));

        Assert.NotNull((await store.FindAsync(first, CancellationToken.None))!.Prune);
        Assert.Equal([(InstanceId.Of(first), LifecycleOrchestrator.WakeEvent)], orchestrations.Raised);
    }

    public void Dispose() => services.Dispose();

    // Where it was due, its policy's count ends its retention; else time does, at once.
    private async Task<Protection> CreateAsync(DateTimeOffset? dueAt)
    {
        time.Advance(TimeSpan.FromMinutes(1));
        var request = new NewProtection(Assembly, dueAt is null ? 0 : 1, "Demo", dueAt is null ? TimeSpan.FromSeconds(1) : null, time.GetUtcNow(), null) { DueAt = dueAt };
        return Assert.IsType<CreateResult.Accepted>(await store.CreateAsync(request, CancellationToken.None)).Protection;
    }

    private async Task<ProtectionId> SuccessAsync(DateTimeOffset? dueAt)
    {
        var protection = await CreateAsync(dueAt);
        foreach (var to in new[] { Preparing, PreparationCompleted, InProgress, Success })
        {
            protection = await recorder.RecordAsync(
                protection, protection.Next(to, time.GetUtcNow(), "go"), new LifecycleInput(protection.Id, Actors.Test), orchestrations, inventory: null, CancellationToken.None);
            Assert.Equal(to, protection.Status);
        }

        return protection.Id;
    }
}
