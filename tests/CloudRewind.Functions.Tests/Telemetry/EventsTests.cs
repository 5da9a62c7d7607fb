using System.Reflection;
using System.Text.Json;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Functions.Telemetry;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Tests.Telemetry;

public sealed class EventsTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 0, 39, 0, TimeSpan.Zero);

    private static readonly ProtectionPolicy Policy = ProtectionPolicy.Create(
        new PolicyKey(new AssemblyKey(1, "demo", 7), 1),
        new PolicyDefinition("nightly", null, new ScheduleDefinition(Frequency.Hourly, "UTC"), PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled),
        Start,
        Actors.Test);

    private static readonly Dictionary<string, LoggerMessageAttribute> Logged = typeof(Events)
        .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>()
        .ToDictionary(message => message.EventName!);

    private readonly CollectedLog<EventsTests> log = new();

    /// <summary>The queries of the alerts are tested against that file, and so the app must log what it says.</summary>
    [Fact]
    public void The_app_logs_the_events_that_the_alerts_read_with_their_fields()
    {
        var read = JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path.Combine(Repository.Root, "infra", "monitoring", "events.json")))!;

        Assert.Equal(read.Keys.Order(StringComparer.Ordinal), Logged.Keys.Order(StringComparer.Ordinal));
        Assert.All(read, pair => Assert.All(pair.Value, field => Assert.Contains($"{{{field}}}", Logged[pair.Key].Message, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(nameof(Events.TransitionConflict), LogLevel.Critical)]
    [InlineData(nameof(Events.ProtectionStalled), LogLevel.Error)]
    [InlineData(nameof(Events.DeletionStalled), LogLevel.Error)]
    [InlineData(nameof(Events.OrchestrationRestarted), LogLevel.Warning)]
    [InlineData(nameof(Events.DeletionRestarted), LogLevel.Warning)]
    [InlineData(nameof(Events.CopyOverdue), LogLevel.Error)]
    [InlineData(nameof(Events.WatchdogCompleted), LogLevel.Information)]
    public void What_somebody_must_see_stands_out(string name, LogLevel level) => Assert.Equal(level, Logged[name].Level);

    [Theory]
    [InlineData(ProtectionStatus.Created, LogLevel.Information)]
    [InlineData(ProtectionStatus.Preparing, LogLevel.Information)]
    [InlineData(ProtectionStatus.PreparationCompleted, LogLevel.Information)]
    [InlineData(ProtectionStatus.InProgress, LogLevel.Information)]
    [InlineData(ProtectionStatus.Success, LogLevel.Information)]
    [InlineData(ProtectionStatus.PartiallyProtected, LogLevel.Warning)]
    [InlineData(ProtectionStatus.Skipped, LogLevel.Warning)]
    [InlineData(ProtectionStatus.Failed, LogLevel.Error)]
    [InlineData(ProtectionStatus.PruningFailed, LogLevel.Error)]
    [InlineData(ProtectionStatus.Elapsed, LogLevel.Information)]
    public void A_transition_is_logged_as_bad_as_it_is(ProtectionStatus to, LogLevel level)
    {
        var id = new ProtectionId(Policy.Key.Assembly, 0, 1);

        log.TransitionRecorded(new ProtectionTransition(id, 1, null, to, Start, "Why.", new ResourceCounts(1, 0, 1)), "c");

        Assert.Equal([level], log.Levels);
    }

    [Theory]
    [InlineData(MissedReason.PolicyPaused, LogLevel.Information)]
    [InlineData(MissedReason.AssemblyDisabled, LogLevel.Information)]
    [InlineData(MissedReason.PolicyChanged, LogLevel.Warning)]
    [InlineData(MissedReason.ProtectionRunning, LogLevel.Warning)]
    [InlineData(MissedReason.Down, LogLevel.Error)]
    public void A_missed_due_time_is_an_error_unless_it_was_asked_for(MissedReason reason, LogLevel level)
    {
        log.DueTimeMissed(Policy, "Web shop", new MissedRun(Start, reason, "Why.", Start));

        Assert.Equal([level], log.Levels);
    }

    [Theory]
    [InlineData(null, "there is none")]
    [InlineData(ProtectionStatus.Success, "the newest is t1:demo:7:0:1, of 2026-12-01T00:39:00Z")]
    [InlineData(ProtectionStatus.PartiallyProtected, "there is only t1:demo:7:0:1, of 2026-12-01T00:39:00Z, which is partially-protected")]
    public void What_is_overdue_says_what_there_is_instead(ProtectionStatus? outcome, string newest)
    {
        log.CopyOverdue(Policy, "Web shop", Start, outcome is null ? null : new RecoveryPoint(new ProtectionId(Policy.Key.Assembly, 0, 1), outcome.Value, Start));

        Assert.Equal(
            [$"Cloud assembly 'Web shop' (1:demo:7) has no full copy as new as protection policy 'nightly' (1:demo:7:1) wants it, since 2026-12-01T00:39:00Z: {newest}"],
            log.Lines);
    }

    /// <summary>Whatever the machine's or the reader's habits are.</summary>
    [Fact]
    public void Times_are_spelled_as_the_API_does_in_messages_and_in_fields()
    {
        log.ProtectionStalled(new ProtectionId(Policy.Key.Assembly, 0, 1), "in-progress", Start, "Running", 3);
        log.DeletionStalled(Policy.Key.Assembly, Start, "Running");
        log.DueTimeMissed(Policy, "Web shop", new MissedRun(Start, MissedReason.Down, "Why.", Start));
        log.CopyOverdue(Policy, "Web shop", Start, null);

        Assert.All(log.Lines, line => Assert.Contains("2026-12-01T00:39:00Z", line, StringComparison.Ordinal));
        Assert.All(log.Events, entry => Assert.Contains(entry.Fields.Values, value => value?.ToString() == "2026-12-01T00:39:00Z"));
    }
}
