using System.Diagnostics.Metrics;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Telemetry;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>A protection's row, the activities around it, and what comes of each attempt. What is done before the captures, the app's own activity does.</summary>
internal sealed class ProtectionScene
{
    /// <summary>When the protection is created: not at a whole second, at which timers would be exact.</summary>
    public static readonly DateTimeOffset Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(700);

    private readonly List<(ProtectionStatus To, DateTimeOffset At, string Reason)> transitions = [];
    private readonly List<Actor?> actors = [];
    private readonly ProtectionId id = new(new AssemblyKey(1, "demo", 7), 0, Start.ToUnixTimeMilliseconds());
    private readonly InMemoryProtections protections = new();
    private readonly InMemoryWorkList work = new();
    private readonly Clock clock = new();

    /// <summary>A protection that has just been created.</summary>
    public ProtectionScene()
    {
        Row = new Protection
        {
            Id = id,
            Name = "Demo",
            Status = ProtectionStatus.Created,
            Sequence = 0,
            CreatedAt = Start,
            UpdatedAt = Start,
            ExpiresAt = Start + TimeSpan.FromDays(30),
            Counts = ResourceCounts.None,
        };
        work.EnsureAsync(WorkKey.Lifecycle(id), Start, CancellationToken.None).GetAwaiter().GetResult();
        protections.Recorded = transition =>
        {
            transitions.Add((transition.To, transition.At, transition.Reason));
            actors.Add(transition.By);
        };
    }

    /// <summary>The protection as it stands.</summary>
    public Protection Row
    {
        get => protections.Rows[id];
        set => protections.Rows[id] = value;
    }

    /// <summary>The assembly that it is of.</summary>
    public OneAssembly Assembly { get; } = new();

    /// <summary>What is asked before the captures begin.</summary>
    public ScriptedProvider Provider { get; } = new();

    /// <summary>How often to look.</summary>
    public PollingOptions Polling { get; set; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));

    /// <summary>What each round of captures comes to; the last one again and again.</summary>
    public Queue<CaptureRound> Rounds { get; } = new([Round(2, 2, 0)]);

    /// <summary>What each round of removals comes to; the last one again and again.</summary>
    public Queue<PruneRound> Removals { get; } = new([Removal(0)]);

    /// <summary>What the protections of its assembly come to.</summary>
    public ProtectionSummary Summary
    {
        get => protections.Summary;
        set => protections.Summary = value;
    }

    /// <summary>Whether the protection is off the watchdog's list.</summary>
    public bool IsOffTheList => !work.Has(id);

    /// <summary>The transitions recorded.</summary>
    public IReadOnlyList<(ProtectionStatus To, DateTimeOffset At, string Reason)> Transitions => transitions;

    /// <summary>On whose behalf each of them was.</summary>
    public IReadOnlyList<Actor?> TransitionsBy => actors;

    /// <summary>The states that it went through.</summary>
    public ProtectionStatus[] Statuses => [.. transitions.Select(transition => transition.To)];

    /// <summary>A round of captures.</summary>
    public static CaptureRound Round(int total, int captured, int failed, bool started = true, TimeSpan? timeLeft = null, TimeSpan? retryAfter = null) => new(
        new CaptureProgress(new ResourceCounts(total, captured, failed), total == 0 ? 0 : 100 * captured / total),
        started,
        retryAfter ?? TimeSpan.Zero,
        timeLeft ?? TimeSpan.FromHours(6),
        failed > 0 ? "r1: it is broken" : null,
        Unrecorded: 0);

    /// <summary>A round of removals.</summary>
    public static PruneRound Removal(int kept, int untried = 0) => PruneRound.None with { Kept = kept, Untried = untried, Reason = kept > 0 ? "r1: it is locked" : null };

    /// <summary>The protection with its outcome, at which its orchestration is started.</summary>
    public ProtectionScene With(ProtectionStatus status, TimeSpan retention)
    {
        Row = Row with
        {
            Status = status,
            Sequence = 4,
            Counts = new ResourceCounts(2, 2, 0),
            ExpiresAt = Start + retention,
            Outcome = status.IsOutcome() ? status : null,
            Prune = status == ProtectionStatus.PruningFailed ? Actors.Prune(Start) : null,
        };
        return this;
    }

    /// <summary>Its orchestration, scheduled.</summary>
    public OrchestrationRun Schedule()
    {
        var run = OrchestrationRun.Of(
            LifecycleOrchestrator.Name, LifecycleOrchestrator.Run, InstanceId.Of(Row), new LifecycleInput(Row.Id, Actors.Test, Row.Generation), Start);
        clock.Now = () => run.Now;
        foreach (var (name, activity) in Activities())
            run.Activities[name] = activity;
        return run;
    }

    /// <summary>Takes the row away.</summary>
    public ProtectionScene WithoutRow()
    {
        protections.Rows.Clear();
        return this;
    }

    /// <summary>What the orchestration can call, by name.</summary>
    public Dictionary<string, Func<string, object?>> Activities() => new()
    {
        [nameof(PrepareProtection)] = input => PrepareAsync(Read<LifecycleInput>(input)).GetAwaiter().GetResult(),
        [nameof(CaptureResources)] = input => Capture(Read<LifecycleInput>(input)),
        [nameof(PruneResources)] = input => Prune(Read<LifecycleInput>(input)),
    };

    /// <summary>The activity that reads the row, and prepares the protection.</summary>
    public async Task<PreparedProtection?> PrepareAsync(LifecycleInput input, CancellationToken cancellationToken = default, TimeProvider? limits = null)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var log = NullLoggerFactory.Instance;
        var release = new CopyRelease(null!, protections, work, clock, log.CreateLogger<CopyRelease>()); // no policy's copy is released here
        var recorder = new TransitionRecorder(
            protections, release, new CloudRewindTelemetry(services.GetRequiredService<IMeterFactory>()), clock, log.CreateLogger<TransitionRecorder>());
        return await new PrepareProtection(protections, Assembly, Provider, recorder, work, Polling, limits ?? clock, log.CreateLogger<PrepareProtection>())
            .Run(input, new RecordedOrchestrations(), new FakeFunctionContext(null, cancellationToken: cancellationToken));
    }

    /// <summary>An activity's input, which the SDK hands over in an array.</summary>
    public static T Read<T>(string input) => ((T[])JsonDataConverter.Default.Deserialize(input, typeof(T[]))!)[0];

    private static T Next<T>(Queue<T> results) => results.Count > 1 ? results.Dequeue() : results.Peek();

    private CaptureRound? Capture(LifecycleInput input)
    {
        if (Row.Generation != input.Generation || Row.Status != ProtectionStatus.InProgress)
            return null;
        var round = Next(Rounds);
        if (!round.IsLast)
            return round;
        Move(Row.Next(Lifecycle.OutcomeOf(round.Progress.Counts), clock.GetUtcNow(), round.Summary, round.Progress.Counts, round.EndedBy ?? Actors.Test));
        return null;
    }

    private PruneAnswer Prune(LifecycleInput input)
    {
        Row = Row.EndRetention(Summary, clock.GetUtcNow(), Actor.Retention("test")).Protection;
        if (Row.Generation != input.Generation || Row.Prune is null)
            return new PruneAnswer(HasElapsed: false, null, Row.Kept);
        var attempt = (input.Pruned ?? PruneRound.None).Then(Next(Removals));
        if (Row.EndPrune(attempt, TimeSpan.FromHours(6), clock.GetUtcNow()) is { } transition)
            Move(transition);
        if (!Row.Status.IsFinal())
            return new PruneAnswer(HasElapsed: false, attempt, null);
        work.CompleteAsync(WorkKey.Lifecycle(id), claim: null, CancellationToken.None).GetAwaiter().GetResult();
        return new PruneAnswer(HasElapsed: true, null, null);
    }

    private void Move(ProtectionTransition transition) => Assert.Equal(RecordResult.Recorded, protections.RecordAsync(transition, null, null, CancellationToken.None).GetAwaiter().GetResult().Result);

    private sealed class Clock : TimeProvider
    {
        public Func<DateTimeOffset> Now { get; set; } = () => DateTimeOffset.UtcNow; // of the real engine

        public override DateTimeOffset GetUtcNow() => Now();
    }
}
