using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using Microsoft.DurableTask.Converters;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>A protection's row, the activities around it, and what comes of each attempt.</summary>
internal sealed class ProtectionScene
{
    /// <summary>When the protection is created: not at a whole second, at which timers would be exact.</summary>
    public static readonly DateTimeOffset Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(700);

    private readonly List<(ProtectionStatus To, DateTimeOffset At, string Reason)> transitions = [];
    private readonly List<Actor?> actors = [];
    private Func<DateTimeOffset> clock = () => DateTimeOffset.UtcNow; // of the real engine

    /// <summary>A protection that has just been created.</summary>
    public ProtectionScene() => Row = new Protection
    {
        Id = new ProtectionId(new AssemblyKey(1, "demo", 7), 0, Start.ToUnixTimeMilliseconds()),
        Name = "Demo",
        Status = ProtectionStatus.Created,
        Sequence = 0,
        CreatedAt = Start,
        UpdatedAt = Start,
        ExpiresAt = Start + TimeSpan.FromDays(30),
        Counts = ResourceCounts.None,
    };

    /// <summary>The protection as it stands.</summary>
    public Protection Row { get; set; }

    /// <summary>Whether the row is there.</summary>
    public bool Exists { get; init; } = true;

    /// <summary>How often to look.</summary>
    public PollingOptions Polling { get; set; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));

    /// <summary>What each look at the connection comes to; no failure at last.</summary>
    public Queue<ProviderAnswer> ConnectionChecks { get; } = [];

    /// <summary>What each attempt to discover comes to; the last one again and again.</summary>
    public Queue<ProviderAnswer> Discoveries { get; } = new([Found(2)]);

    /// <summary>What each round of captures comes to; the last one again and again.</summary>
    public Queue<CaptureRound> Rounds { get; } = new([Round(2, 2, 0)]);

    /// <summary>What each round of removals comes to; the last one again and again.</summary>
    public Queue<PruneRound> Removals { get; } = new([Removal(0)]);

    /// <summary>What the protections of its assembly come to.</summary>
    public ProtectionSummary Summary { get; set; } = ProtectionSummary.None;

    /// <summary>The result that the store gives instead of its own; null: it decides.</summary>
    public RecordResult? Refusal { get; set; }

    /// <summary>Whether the protection is off the watchdog's list.</summary>
    public bool IsOffTheList { get; private set; }

    /// <summary>The transitions recorded.</summary>
    public IReadOnlyList<(ProtectionStatus To, DateTimeOffset At, string Reason)> Transitions => transitions;

    /// <summary>On whose behalf each of them was.</summary>
    public IReadOnlyList<Actor?> TransitionsBy => actors;

    /// <summary>The states that it went through.</summary>
    public ProtectionStatus[] Statuses => [.. transitions.Select(transition => transition.To)];

    /// <summary>A discovery of so many resources.</summary>
    public static ProviderAnswer Found(int resources) => new(new ResourceCounts(resources, 0, 0));

    /// <summary>A round of captures.</summary>
    public static CaptureRound Round(int total, int captured, int failed, bool started = true, TimeSpan? timeLeft = null, TimeSpan? retryAfter = null) => new(
        new CaptureProgress(new ResourceCounts(total, captured, failed), total == 0 ? 0 : 100 * captured / total),
        started,
        retryAfter ?? TimeSpan.Zero,
        timeLeft ?? TimeSpan.FromHours(6),
        failed > 0 ? "r1: it is broken" : null,
        Unrecorded: 0);

    /// <summary>A round of removals.</summary>
    public static PruneRound Removal(int kept, int untried = 0) => new(Removed: 1, kept, untried, kept > 0 ? "r1: it is locked" : null);

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
            LifecycleOrchestrator.Name, LifecycleOrchestrator.Run, InstanceId.Of(Row.Id), new LifecycleInput(Row.Id, Actors.Test), Start);
        clock = () => run.Now;
        foreach (var (name, activity) in Activities())
            run.Activities[name] = activity;
        return run;
    }

    /// <summary>What the orchestration can call, by name.</summary>
    public Dictionary<string, Func<string, object?>> Activities() => new()
    {
        [nameof(LoadProtection)] = _ => Exists ? new LoadedProtection(Row, Polling) : null,
        [nameof(CheckConnection)] = _ => ConnectionChecks.TryDequeue(out var answer) ? answer : new ProviderAnswer(),
        [nameof(DiscoverResources)] = _ => Next(Discoveries),
        [nameof(CaptureResources)] = _ => Next(Rounds),
        [nameof(PruneResources)] = _ => PruneIt(),
        [nameof(RecordTransition)] = input => Record(Read<TransitionInput>(input)),
        [nameof(StopWatching)] = _ => StopWatchingIt(),
    };

    /// <summary>An activity's input, which the SDK hands over in an array.</summary>
    public static T Read<T>(string input) => ((T[])JsonDataConverter.Default.Deserialize(input, typeof(T[]))!)[0];

    private static T Next<T>(Queue<T> results) => results.Count > 1 ? results.Dequeue() : results.Peek();

    private PruneAnswer PruneIt()
    {
        Row = Row.EndRetention(Summary, clock(), Actor.Retention("test")).Protection;
        return Row.Prune is { } decision ? new PruneAnswer(Next(Removals), decision, null) : new PruneAnswer(null, null, Row.Kept);
    }

    // As an activity does that has nothing to say.
    private object? StopWatchingIt()
    {
        IsOffTheList = true;
        return null;
    }

    private object Record(TransitionInput input)
    {
        if (Refusal is { } refusal)
            return refusal;
        var transition = input.Transition;
        Assert.Equal(Row.Next(transition.To, transition.At, transition.Reason, transition.Counts, transition.By), transition);
        Assert.True(Lifecycle.Allows(transition.From, transition.To), $"{transition.From} to {transition.To}");
        if (Row.TryRecord(transition, null, out var step) is var result && step is null)
            return result;
        Row = step.Protection;
        transitions.Add((transition.To, clock(), transition.Reason));
        actors.Add(transition.By);
        return result;
    }
}
