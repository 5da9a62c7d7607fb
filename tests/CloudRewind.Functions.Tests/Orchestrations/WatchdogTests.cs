using System.Diagnostics.Metrics;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Orchestrations.Watchdog;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Telemetry;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class WatchdogTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromHours(6);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Start);
    private readonly InMemoryProtections protections = new();
    private readonly InMemoryWorkList work = new();
    private readonly OneResource inventory = new();
    private readonly ScriptedProvider provider = new();
    private readonly RecordedOrchestrations orchestrations = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CollectedLog<WatchdogTimer> log = new();
    private readonly CollectedLog<Heartbeat> heartbeat = new();
    private readonly Dictionary<string, long> counted = [];
    private readonly MeterListener listener = new();
    private readonly WatchdogTimer watchdog;

    public WatchdogTests()
    {
        var telemetry = new CloudRewindTelemetry(services.GetRequiredService<IMeterFactory>());
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == CloudRewindTelemetry.Name && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + value);
        listener.Start();
        var recorder = new TransitionRecorder(
            protections, new CopyRelease(null!, protections, work, time, new CollectedLog<CopyRelease>()), telemetry, time, new CollectedLog<TransitionRecorder>());
        var polling = new PollingOptions(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));
        var captures = new CaptureRun(inventory, provider, new CaptureLimits(TimeLimit, 1), time);
        watchdog = new WatchdogTimer(
            work,
            protections,
            new PrepareProtection(protections, new OneAssembly(), provider, recorder, work, polling, time, new CollectedLog<PrepareProtection>()),
            new CaptureResources(protections, new OneAssembly(), captures, recorder, telemetry, time, new CollectedLog<CaptureResources>()),
            new WatchPolicy(Patience, TimeLimit),
            new HistoryPurge(new WatchdogOptions(Patience, TimeSpan.FromDays(7)), time, new CollectedLog<HistoryPurge>()),
            telemetry,
            time,
            log,
            heartbeat);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    public async Task A_protection_that_nothing_drives_gets_an_orchestration(OrchestrationRuntimeStatus? found)
    {
        var id = Add(1, ProtectionStatus.InProgress);
        orchestrations.Found = found;
        time.Advance(Patience);

        await LookAsync();

        Assert.Equal([InstanceId.Of(id)], orchestrations.Scheduled);
        Assert.Equal(1, counted["cloudrewind.watchdog.restarts"]);
    }

    [Fact]
    public async Task One_that_is_driven_is_left_alone()
    {
        Add(1, ProtectionStatus.InProgress);
        orchestrations.Found = OrchestrationRuntimeStatus.Running;
        time.Advance(Patience);
        orchestrations.Step = new OrchestrationStep(time.GetUtcNow(), time.GetUtcNow() + TimeSpan.FromMinutes(1));

        await LookAsync();

        Assert.Empty(orchestrations.Scheduled);
        Assert.Empty(orchestrations.Raised);
        Assert.Empty(counted);
        Assert.Equal(orchestrations.Step.NextBy + Patience / 2, work.DueAt(1));
    }

    [Fact]
    public async Task A_copy_that_only_a_count_will_end_is_left_alone_until_somebody_has_ended_it()
    {
        var id = Add(1, ProtectionStatus.Success);
        protections.Rows[id] = protections.Rows[id] with { ExpiresAt = null };
        time.Advance(Patience);
        await LookAsync();
        Assert.False(work.Has(id));
        Assert.Equal(0, orchestrations.Asked);

        protections.Rows[id] = protections.Rows[id] with { Prune = Actors.Prune(time.GetUtcNow()) };
        await work.EnsureAsync(WorkKey.Lifecycle(id), time.GetUtcNow(), CancellationToken.None);
        orchestrations.Found = OrchestrationRuntimeStatus.Running;
        time.Advance(Patience);
        await LookAsync();

        Assert.Equal([(InstanceId.Of(id), LifecycleOrchestrator.WakeEvent)], orchestrations.Raised);
    }

    [Fact]
    public async Task Work_that_a_clock_that_was_ahead_has_listed_is_looked_at_each_quarter_of_an_hour()
    {
        var id = Add(1, ProtectionStatus.Created);
        await work.EnsureAsync(WorkKey.Lifecycle(id), Start.AddDays(40), CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(14));
        await LookAsync();
        Assert.Empty(orchestrations.Scheduled);

        time.Advance(TimeSpan.FromSeconds(59)); // a timer may fire early
        await LookAsync();

        Assert.Equal([InstanceId.Of(id)], orchestrations.Scheduled);
        Assert.Equal(time.GetUtcNow() + Patience, work.DueAt(1));
    }

    [Fact]
    public async Task Once_an_hour_what_ended_long_ago_is_purged_after_what_has_work_left_was_started_again()
    {
        var id = Add(1, ProtectionStatus.Created);
        orchestrations.Found = OrchestrationRuntimeStatus.Failed;
        orchestrations.Instances.Add(new("ProtectionLifecycle", "old") { RuntimeStatus = OrchestrationRuntimeStatus.Completed, CreatedAt = Start.AddDays(-9), LastUpdatedAt = Start.AddDays(-8) });
        time.Advance(TimeSpan.FromMinutes(6));
        await LookAsync();
        Assert.Empty(orchestrations.Purged);

        time.Advance(TimeSpan.FromMinutes(1));
        await LookAsync();

        Assert.Equal(["old"], orchestrations.Purged);
        Assert.Equal([InstanceId.Of(id)], orchestrations.Scheduled);
    }

    [Fact]
    public async Task One_that_has_just_made_a_step_is_not_asked_about()
    {
        Add(1, ProtectionStatus.Preparing);
        time.Advance(Patience / 2 - TimeSpan.FromSeconds(1));

        await LookAsync();

        Assert.Equal(0, orchestrations.Asked);
        Assert.Equal(Start + Patience / 2, work.DueAt(1));
    }

    [Fact]
    public async Task One_that_waits_for_the_end_of_its_retention_is_not_asked_about_before_that()
    {
        Add(1, ProtectionStatus.Success, retention: TimeSpan.FromDays(30));
        time.Advance(TimeSpan.FromDays(29.5));

        await LookAsync();

        Assert.Equal(0, orchestrations.Asked);
        Assert.Equal(Start + TimeSpan.FromDays(30) + Patience / 2, work.DueAt(1));
    }

    [Fact]
    public async Task However_long_a_retention_is_the_row_is_read_again_within_a_day_in_case_that_a_request_to_prune_was_missed()
    {
        var id = Add(1, ProtectionStatus.Success, retention: TimeSpan.FromDays(30));
        orchestrations.Found = OrchestrationRuntimeStatus.Running;
        await LookAsync();
        Assert.Equal(Start + TimeSpan.FromDays(1), work.DueAt(1));

        protections.Rows[id] = protections.Rows[id] with { Prune = Actors.Prune(Start) }; // and neither the list nor the orchestration heard of it
        time.Advance(TimeSpan.FromDays(1));
        await LookAsync();

        Assert.Equal([(InstanceId.Of(id), LifecycleOrchestrator.WakeEvent)], orchestrations.Raised);
    }

    [Theory]
    [InlineData(ProtectionStatus.Created, OrchestrationRuntimeStatus.Pending)]
    [InlineData(ProtectionStatus.InProgress, OrchestrationRuntimeStatus.Running)]
    [InlineData(ProtectionStatus.PruningFailed, OrchestrationRuntimeStatus.Running)]
    public async Task One_whose_orchestration_makes_no_step_is_woken_and_then_replaced(ProtectionStatus status, OrchestrationRuntimeStatus found)
    {
        var id = Add(1, status);
        orchestrations.Found = found;
        orchestrations.CreatedAt = Start;
        orchestrations.Step = found == OrchestrationRuntimeStatus.Pending ? null : new OrchestrationStep(Start, Start);
        time.Advance(Patience / 2);
        await LookAsync();
        Assert.Equal([(InstanceId.Of(id), LifecycleOrchestrator.WakeEvent)], orchestrations.Raised);
        Assert.Empty(orchestrations.Scheduled);

        time.Advance(Patience / 2);
        await LookAsync();

        Assert.Equal([InstanceId.Of(id, 1)], orchestrations.Scheduled);
        Assert.Equal([InstanceId.Of(id)], orchestrations.Terminated);
        Assert.Equal((1, 1), (protections.Rows[id].Generation, protections.Rows[id].Events));
        Assert.Equal(1, counted["cloudrewind.watchdog.restarts"]);
        var restarted = EventOf("OrchestrationRestarted");
        Assert.Equal((found.ToString(), (object)1), (restarted["Found"], restarted["Generation"]));
    }

    [Fact]
    public async Task One_that_makes_a_step_when_it_is_woken_is_not_replaced()
    {
        Add(1, ProtectionStatus.InProgress);
        orchestrations.Found = OrchestrationRuntimeStatus.Running;
        orchestrations.Step = new OrchestrationStep(Start, Start);
        time.Advance(Patience / 2);
        await LookAsync();

        orchestrations.Step = new OrchestrationStep(time.GetUtcNow(), time.GetUtcNow().AddMinutes(1));
        time.Advance(Patience / 2);
        await LookAsync();

        Assert.Empty(orchestrations.Scheduled);
        Assert.Single(orchestrations.Raised);
    }

    [Fact]
    public async Task However_long_nothing_moves_the_replacements_get_rare()
    {
        var id = Add(1, ProtectionStatus.Created);
        orchestrations.Found = OrchestrationRuntimeStatus.Pending;
        var end = Start.AddHours(5);
        for (time.Advance(TimeSpan.FromMinutes(1)); time.GetUtcNow() < end; time.Advance(TimeSpan.FromMinutes(1)))
            await LookAsync();

        Assert.InRange(protections.Rows[id].Generation, 5, 8);
        Assert.Equal(orchestrations.Scheduled.Distinct(), orchestrations.Scheduled);
    }

    [Fact]
    public async Task One_is_not_replaced_while_the_engine_takes_no_message()
    {
        var id = Add(1, ProtectionStatus.InProgress);
        orchestrations.Found = OrchestrationRuntimeStatus.Running;
        orchestrations.Step = new OrchestrationStep(Start, Start);
        orchestrations.RefusesEvents = true;
        for (var look = 0; look < 5; look++)
        {
            time.Advance(Patience);
            await LookAsync();
        }

        Assert.Equal(0, protections.Rows[id].Generation);
    }

    [Theory]
    [InlineData(ProtectionStatus.Created, ProtectionStatus.Failed)]
    [InlineData(ProtectionStatus.Preparing, ProtectionStatus.Failed)]
    [InlineData(ProtectionStatus.InProgress, ProtectionStatus.Failed)]
    public async Task A_run_that_is_past_its_time_limit_is_ended_even_where_the_engine_is_dead(ProtectionStatus status, ProtectionStatus outcome)
    {
        var id = Add(1, status);
        orchestrations.IsSilent = true;
        time.Advance(TimeLimit + Patience);

        await LookAsync();

        Assert.Equal(outcome, protections.Rows[id].Status);
        Assert.Equal("watchdog", Assert.Single(protections.Transitions).By!.Name);
        Assert.Contains("within the time limit of 06:00:00", protections.Transitions[0].Reason, StringComparison.Ordinal);
        Assert.Equal(0, orchestrations.Asked);
    }

    [Fact]
    public async Task What_an_engine_that_does_not_answer_leaves_undone_stays_due_and_the_look_ends()
    {
        Add(1, ProtectionStatus.InProgress);
        await work.EnsureAsync(WorkKey.Deletion(new AssemblyKey(1, "demo", 3)), Start, CancellationToken.None);
        orchestrations.IsSilent = true;
        time.Advance(Patience);

        await LookAsync();

        Assert.Equal(2, orchestrations.Asked);
        Assert.Equal(Start, work.DueAt(1));
        Assert.Equal(2, EventOf("WatchdogCompleted")["Looked"]);
    }

    [Fact]
    public async Task A_deletion_whose_orchestration_makes_no_step_is_replaced()
    {
        var assembly = new AssemblyKey(1, "demo", 7);
        await work.EnsureAsync(WorkKey.Deletion(assembly), Start, CancellationToken.None);
        orchestrations.Found = OrchestrationRuntimeStatus.Running;
        orchestrations.Step = new OrchestrationStep(Start, Start.AddMinutes(1));
        time.Advance(TimeSpan.FromMinutes(1) + Patience / 2);
        await LookAsync();
        Assert.Empty(orchestrations.Scheduled);

        time.Advance(Patience / 2);
        await LookAsync();

        Assert.Equal([InstanceId.Of(assembly, 1)], orchestrations.Scheduled);
        Assert.Equal([InstanceId.Of(assembly)], orchestrations.Terminated);
        Assert.Equal(1, work.Items.Single().Generation);
        Assert.Equal((object)1, EventOf("DeletionRestarted")["Generation"]);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)] // by an operator, who is told that it is
    public async Task One_whose_orchestration_is_there_and_yet_stands_still_is_reported(OrchestrationRuntimeStatus found)
    {
        Add(1, ProtectionStatus.Preparing);
        orchestrations.Found = found;
        time.Advance(TimeSpan.FromHours(2));

        await LookAsync();

        Assert.Empty(orchestrations.Scheduled);
        Assert.Equal(1, counted["cloudrewind.watchdog.stalls"]);
        Assert.Equal(found.ToString(), EventOf("ProtectionStalled")["Found"]);
    }

    [Theory]
    [InlineData(null, "Missing")]
    [InlineData(OrchestrationRuntimeStatus.Failed, "Failed")]
    public async Task One_that_is_started_again_and_again_and_yet_stands_still_is_reported_too(OrchestrationRuntimeStatus? found, string named)
    {
        var id = Add(1, ProtectionStatus.Created);
        orchestrations.Found = found;
        var looks = 0;
        for (time.Advance(Patience); time.GetUtcNow() <= Start + Patience * 6; time.Advance(Patience))
        {
            await LookAsync();
            looks++;
        }

        Assert.Equal((6, 6), (looks, orchestrations.Scheduled.Count));
        Assert.Equal(6, log.Events.Count(entry => entry.Name == "OrchestrationRestarted" && Equals(entry.Fields["ProtectionId"], id)));
        Assert.Equal(
            new Dictionary<string, object?> { ["ProtectionId"] = id, ["Status"] = "created", ["UpdatedAt"] = new IsoTime(Start), ["Found"] = named, ["Sequence"] = 1 },
            EventOf("ProtectionStalled"));
        Assert.Equal(1, counted["cloudrewind.watchdog.stalls"]);
    }

    [Fact]
    public async Task Each_look_ends_with_a_heartbeat()
    {
        await LookAsync();
        Assert.Equal(new Dictionary<string, object?> { ["Looked"] = 0, ["Restarted"] = 0, ["Stalled"] = 0 }, EventOf("WatchdogCompleted"));

        heartbeat.Events.Clear();
        Add(1, ProtectionStatus.Preparing);
        Add(2, ProtectionStatus.Elapsed);
        await work.EnsureAsync(WorkKey.Deletion(new AssemblyKey(1, "demo", 3)), Start, CancellationToken.None);
        time.Advance(TimeSpan.FromHours(2));
        await LookAsync();
        Assert.Equal(new Dictionary<string, object?> { ["Looked"] = 3, ["Restarted"] = 2, ["Stalled"] = 1 }, EventOf("WatchdogCompleted"));
    }

    [Fact]
    public async Task A_look_that_is_cancelled_because_the_app_stops_ends_in_silence()
    {
        Add(1, ProtectionStatus.Preparing);

        await watchdog.Run(new TimerInfo(), orchestrations, new CancellationToken(canceled: true));

        Assert.Empty(log.Lines);
        Assert.Empty(heartbeat.Lines);
    }

    [Fact]
    public async Task There_is_no_heartbeat_where_storage_does_not_answer()
    {
        work.IsBroken = true;

        await LookAsync();

        Assert.Empty(heartbeat.Events);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    public async Task A_deletion_that_takes_longer_than_a_run_and_its_pruning_may_is_reported(OrchestrationRuntimeStatus found)
    {
        var assembly = new AssemblyKey(1, "demo", 7);
        await work.EnsureAsync(WorkKey.Deletion(assembly), Start, CancellationToken.None);
        orchestrations.Found = found;
        time.Advance(TimeLimit + Patience * 6 - TimeSpan.FromSeconds(1));
        await LookAsync();
        Assert.DoesNotContain(log.Events, entry => entry.Name == "DeletionStalled");

        time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync();
        Assert.Equal(new Dictionary<string, object?> { ["Assembly"] = assembly, ["Since"] = new IsoTime(Start), ["Found"] = found.ToString() }, EventOf("DeletionStalled"));
    }

    [Fact]
    public async Task One_that_waits_and_has_missed_that_it_is_to_be_pruned_is_told_again()
    {
        var id = Add(1, ProtectionStatus.Success, retention: TimeSpan.FromDays(30));
        protections.Rows[id] = protections.Rows[id] with { Prune = Actors.Prune(Start) };
        orchestrations.Found = OrchestrationRuntimeStatus.Running;
        time.Advance(Patience);

        await LookAsync();

        Assert.Equal([(InstanceId.Of(id), LifecycleOrchestrator.WakeEvent)], orchestrations.Raised);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(OrchestrationRuntimeStatus.Failed, 1)]
    [InlineData(OrchestrationRuntimeStatus.Running, 0)]
    public async Task A_deletion_that_nothing_drives_gets_an_orchestration(OrchestrationRuntimeStatus? found, int starts)
    {
        var assembly = new AssemblyKey(1, "demo", 7);
        await work.EnsureAsync(WorkKey.Deletion(assembly), Start, CancellationToken.None);
        orchestrations.Found = found;

        await LookAsync();

        Assert.Equal(Enumerable.Repeat(InstanceId.Of(assembly), starts), orchestrations.Scheduled);
    }

    [Fact]
    public async Task One_that_has_elapsed_is_taken_off_the_list()
    {
        Add(1, ProtectionStatus.Elapsed);

        await LookAsync();

        Assert.False(work.Has(1));
    }

    [Fact]
    public async Task A_row_without_a_protection_stays_while_its_create_may_still_be_at_work_and_then_goes()
    {
        await work.EnsureAsync(WorkKey.Lifecycle(Id(1)), Start, CancellationToken.None);
        time.Advance(WatchPolicy.LeftoverAge);
        await LookAsync();
        Assert.True(work.Has(1));

        time.Advance(Patience);
        await LookAsync();
        Assert.False(work.Has(1));
        Assert.Equal(0, orchestrations.Asked);
    }

    [Fact]
    public async Task One_that_cannot_be_looked_after_stays_due_and_does_not_keep_the_others_from_being()
    {
        Add(1, ProtectionStatus.Created);
        Add(2, ProtectionStatus.Created);
        protections.Broken = Id(1);
        time.Advance(Patience);

        await LookAsync();

        Assert.Equal([InstanceId.Of(Id(2))], orchestrations.Scheduled);
        Assert.Equal(Start, work.DueAt(1));
    }

    [Fact]
    public async Task One_that_could_not_be_started_stays_due()
    {
        Add(1, ProtectionStatus.Created);
        orchestrations.Refuses = true;
        time.Advance(Patience);

        await LookAsync();

        Assert.Equal(Start, work.DueAt(1));
        Assert.Empty(counted);
    }

    public void Dispose()
    {
        listener.Dispose();
        services.Dispose();
    }

    private static ProtectionId Id(long assembly) => new(new AssemblyKey(1, "demo", assembly), 0, 1_700_000_000_000);

    private Dictionary<string, object?> EventOf(string name) => Assert.Single(log.Events.Concat(heartbeat.Events), entry => entry.Name == name).Fields;

    private Task LookAsync() => watchdog.Run(new TimerInfo(), orchestrations, CancellationToken.None);

    private sealed class OneResource : IResourceInventory
    {
        private ProtectedResource entry = new() { ResourceId = "r1", Type = "test", GroupId = "r1", State = ResourceState.Pending };

        public Task<IReadOnlyList<ProtectedResource>> ReadAsync(ProtectionId id, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ProtectedResource>>([entry]);

        public Task<IReadOnlyList<ProtectedResource>> TryUpdateAsync(ProtectionId id, IReadOnlyList<ProtectedResource> entries, CancellationToken cancellationToken)
        {
            entry = entries.Single();
            return ReadAsync(id, cancellationToken);
        }

        public Task RemoveAsync(ProtectionId id, IReadOnlyCollection<ProtectedResource> entries, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private ProtectionId Add(long assembly, ProtectionStatus status, TimeSpan? retention = null)
    {
        var id = Id(assembly);
        protections.Rows[id] = new Protection
        {
            Id = id,
            Name = "Demo",
            Status = status,
            Sequence = 1,
            CreatedAt = Start,
            UpdatedAt = Start,
            ExpiresAt = Start + (retention ?? TimeSpan.FromDays(30)),
            Counts = ResourceCounts.None,
            Location = new SnapshotLocation(provider.Name, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null)),
        };
        work.EnsureAsync(WorkKey.Lifecycle(id), Start, CancellationToken.None);
        return id;
    }
}
