using System.Diagnostics.Metrics;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.Scheduler;
using CloudRewind.Functions.Telemetry;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>What a tick starts, and what it tells.</summary>
public sealed class SchedulerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 10, 0, TimeSpan.Zero);
    private static readonly AssemblyKey Assembly = new(1, "demo", 7);

    private readonly FakeTimeProvider time = new(Start);
    private readonly InMemoryDuePolicies due = new();
    private readonly InMemoryWorkList work = new();
    private readonly InMemoryProtectionStore store;
    private readonly RecordedOrchestrations orchestrations = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CollectedLog<SchedulerTimer> log = new();
    private readonly CollectedLog<Heartbeat> heartbeat = new();
    private readonly Dictionary<string, double> measured = [];
    private readonly MeterListener listener = new();
    private readonly SchedulerTimer scheduler;

    public SchedulerTests()
    {
        var telemetry = new CloudRewindTelemetry(services.GetRequiredService<IMeterFactory>());
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.Start();
        store = new InMemoryProtectionStore(work, due);
        var counts = new CountRetention(store, due, store, work, new WatchPolicy(TimeSpan.FromMinutes(5), TimeSpan.FromHours(6)), time);
        scheduler = new SchedulerTimer(
            due,
            new ScheduleRun(store, due, new OneAssembly(), time),
            new CopyRelease(counts, store, work, time, new CollectedLog<CopyRelease>()),
            telemetry,
            time,
            log,
            heartbeat);
    }

    [Fact]
    public async Task What_is_due_is_created_and_its_orchestration_started_and_the_tick_says_so()
    {
        await CreateAsync(PolicyStatus.Enabled);
        await TickAsync(Start);
        Assert.Empty(orchestrations.Scheduled);

        await TickAsync(Start.AddMinutes(51));

        var id = new ProtectionId(Assembly, 1, Start.AddMinutes(50).ToUnixTimeMilliseconds());
        Assert.Equal([InstanceId.Of(id)], orchestrations.Scheduled);
        Assert.True(work.Has(id));
        Assert.Equal("scheduler", (await store.GetTimelineAsync(id, CancellationToken.None))[0].By!.Name);
        Assert.Equal(new Dictionary<string, object?> { ["Looked"] = 1, ["Started"] = 1, ["Missed"] = 0, ["Overdue"] = 0 }, EventOf("ScheduleCompleted"));
    }

    [Fact]
    public async Task What_the_engine_does_not_start_is_left_to_the_watchdog_and_the_tick_goes_on()
    {
        await CreateAsync(PolicyStatus.Enabled);
        orchestrations.Refuses = true;

        await TickAsync(Start.AddMinutes(51));

        Assert.Contains(log.Lines, line => line.Contains("the watchdog will do it", StringComparison.Ordinal));
        Assert.True(work.Has(Assembly.CloudAssemblyId));
        Assert.Equal(1, EventOf("ScheduleCompleted")["Started"]);
    }

    [Fact]
    public async Task What_is_missed_is_told_and_counted()
    {
        await CreateAsync(PolicyStatus.Paused);

        await TickAsync(Start.AddMinutes(51));

        Assert.Contains(
            "Protection policy 'hourly' (1:demo:7:1) of cloud assembly 'Demo' missed 2026-01-01T01:00:00Z (policy-paused): The policy was paused.", log.Lines);
        Assert.Equal(1, measured["cloudrewind.schedule.missed"]);
        Assert.DoesNotContain("cloudrewind.assembly.newest_good_age", measured.Keys);
    }

    [Fact]
    public async Task A_copy_that_is_too_old_is_told_of_again_and_again_until_there_is_a_newer_one()
    {
        await CreateAsync(PolicyStatus.Enabled);
        await TickAsync(Start.AddMinutes(51));
        var id = new ProtectionId(Assembly, 1, Start.AddMinutes(50).ToUnixTimeMilliseconds());
        for (var minute = 52; minute < 90; minute++)
            await TickAsync(Start.AddMinutes(minute));
        Assert.DoesNotContain(log.Events, entry => entry.Name == "CopyOverdue"); // an hour and a half has not passed

        for (var minute = 90; minute < 150; minute++)
            await TickAsync(Start.AddMinutes(minute));
        Assert.InRange(log.Events.Count(entry => entry.Name == "CopyOverdue"), 4, 61);
        Assert.Contains(
            "Cloud assembly 'Demo' (1:demo:7) has no full copy as new as protection policy 'hourly' (1:demo:7:1) wants it, since 2026-01-01T01:40:00Z: there is none",
            log.Lines);
        Assert.InRange(measured["cloudrewind.assembly.newest_good_age"], 90 * 60, 150 * 60);

        var running = (await store.FindAsync(id, CancellationToken.None))!;
        foreach (var to in new[] { ProtectionStatus.Preparing, ProtectionStatus.PreparationCompleted, ProtectionStatus.InProgress, ProtectionStatus.Success })
        {
            var transition = running.Next(to, time.GetUtcNow(), "go");
            await store.RecordAsync(transition, CancellationToken.None);
            running = running.Record(transition);
        }

        for (var minute = 151; minute < 170; minute++)
            await TickAsync(Start.AddMinutes(minute));
        Assert.InRange(measured["cloudrewind.assembly.newest_good_age"], 100 * 60, 119 * 60); // since the good one was created, and not since the schedule began
    }

    [Fact]
    public async Task A_tick_that_is_cancelled_because_the_app_stops_ends_in_silence()
    {
        await CreateAsync(PolicyStatus.Enabled);
        time.SetUtcNow(Start.AddMinutes(51));

        await scheduler.Run(new TimerInfo(), orchestrations, new CancellationToken(canceled: true));

        Assert.Empty(log.Lines);
        Assert.Empty(heartbeat.Lines); // it has not looked at all that is due
    }

    [Fact]
    public async Task Where_a_tick_comes_twice_there_is_one_protection()
    {
        await CreateAsync(PolicyStatus.Enabled);
        time.SetUtcNow(Start.AddMinutes(51));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync()));

        Assert.Single((await store.ListAsync(new ProtectionQuery(Assembly, 0, long.MaxValue, 0, 10), CancellationToken.None)).Items);
        Assert.Single(orchestrations.Scheduled);
    }

    [Fact]
    public async Task A_policy_whose_time_zone_is_unknown_is_reported_in_one_line_and_the_others_run()
    {
        var definition = new PolicyDefinition("on-mars", null, new ScheduleDefinition(Frequency.Hourly, "Mars/Olympus"), PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled);
        Assert.IsType<PolicyResult.Accepted>(await store.CreateAsync(new AssemblyKey(1, "demo", 8), definition, Start, Actors.Test, CancellationToken.None));
        await due.AddAsync(new PolicyKey(new AssemblyKey(1, "demo", 8), 1), Start.AddMinutes(50), CancellationToken.None);
        await CreateAsync(PolicyStatus.Enabled);

        await TickAsync(Start.AddMinutes(51));

        Assert.Single(orchestrations.Scheduled);
        Assert.Equal("Mars/Olympus", EventOf("TimeZoneUnknown")["TimeZone"]);
        Assert.Single(log.Lines, line => line.Contains("Mars/Olympus", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_policy_that_a_clock_that_was_ahead_has_put_off_runs_again_within_a_quarter_of_an_hour()
    {
        await CreateAsync(PolicyStatus.Enabled);
        await TickAsync(Start.AddDays(40).AddMinutes(10));
        Assert.Equal(Start.AddDays(40).AddMinutes(50), (await store.FindAsync(new PolicyKey(Assembly, 1), CancellationToken.None))!.NextDueAt);

        time.AdjustTime(Start); // the clock is put right
        for (var minute = 0; minute <= 15; minute++)
            await TickAsync(Start.AddMinutes(minute));

        Assert.Equal("clock-corrected", EventOf("DefinitionChanged")["Kind"]);
        Assert.Equal(Start.AddMinutes(50), (await store.FindAsync(new PolicyKey(Assembly, 1), CancellationToken.None))!.NextDueAt);
        Assert.InRange(due.FirstDueAt!.Value, Start, Start.AddMinutes(50));
    }

    public void Dispose()
    {
        listener.Dispose();
        services.Dispose();
    }

    private async Task CreateAsync(PolicyStatus status)
    {
        var definition = new PolicyDefinition("hourly", null, new ScheduleDefinition(Frequency.Hourly, "UTC"), PolicyDefinition.MinRetentionCount, status);
        Assert.IsType<PolicyResult.Accepted>(await store.CreateAsync(Assembly, definition, Start, Actors.Test, CancellationToken.None));
    }

    private Task TickAsync(DateTimeOffset now)
    {
        time.SetUtcNow(now);
        return RunAsync();
    }

    private Task RunAsync() => scheduler.Run(new TimerInfo(), orchestrations, CancellationToken.None);

    private Dictionary<string, object?> EventOf(string name) => log.Events.Concat(heartbeat.Events).Last(entry => entry.Name == name).Fields;
}
