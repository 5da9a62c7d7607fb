using System.Text.Json.Serialization;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Protections;

/// <summary>
/// One point-in-time copy of the resources of a cloud assembly, as it stands now. It guards itself: no other transition can be recorded
/// than the next legal one. A store loads it, asks it, and writes what it says.
/// </summary>
public sealed record Protection
{
    /// <summary>Its id.</summary>
    public required ProtectionId Id { get; init; }

    /// <summary>What a person calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Its state: that of the latest transition.</summary>
    public required ProtectionStatus Status { get; init; }

    /// <summary>The sequence number of the latest transition.</summary>
    public required int Sequence { get; init; }

    /// <summary>When it was created, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest transition was made, in UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When retention ends and its data may be removed, in UTC; null where its policy's count, and no time, ends it.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether its create request named its retention: a person's word, which may end even that of the newest good copy.</summary>
    public bool RetentionIsAsked { get; init; }

    /// <summary>What the policy that made it was called then; null where none did.</summary>
    public string? PolicyName { get; init; }

    /// <summary>Whether its policy made it, at the due time that its id holds.</summary>
    public bool IsScheduled { get; init; }

    /// <summary>What its run came to; null before that. It stays, whatever becomes of the copy.</summary>
    public ProtectionStatus? Outcome { get; init; }

    /// <summary>When its run was over, in UTC; null before that.</summary>
    public DateTimeOffset? OutcomeAt { get; init; }

    /// <summary>Where its snapshots are; null before it is prepared. It is not part of what the engine keeps: it holds the connection's external id.</summary>
    [JsonIgnore]
    public SnapshotLocation? Location { get; init; }

    /// <summary>Its resources, as counted at the latest transition.</summary>
    public required ResourceCounts Counts { get; init; }

    /// <summary>How far it is on the way to its next transition; null where nothing is known (yet).</summary>
    public CaptureProgress? Progress { get; init; }

    /// <summary>The decision that its data is removed, by a person or by a rule; null where there is none.</summary>
    public Request? Prune { get; init; }

    /// <summary>The request that its run ends; null where nobody has asked.</summary>
    public Request? Cancel { get; init; }

    /// <summary>Who has locked it, so that nothing prunes it; null where it is not locked.</summary>
    public Request? Lock { get; init; }

    /// <summary>Why a rule that would have removed it has not; null where none would have, or it was unlocked since.</summary>
    public RetentionHold? Kept { get; init; }

    /// <summary>How many events are on record.</summary>
    public int Events { get; init; }

    /// <summary>How many orchestrations of it the watchdog has replaced: the one of this number drives it, and any other ends.</summary>
    public int Generation { get; init; }

    /// <summary>Whether its assembly is being deleted, so that the protection can no longer be asked for.</summary>
    public bool AssemblyIsBeingDeleted { get; init; }

    /// <summary>Whether entries of its inventory may be on record before it is prepared: a large one takes more than one transaction.</summary>
    public bool InventoryIsBegun { get; init; }

    /// <summary>The store's mark of this version: a write under an older one is refused. Null where it was not read from a store.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    /// <summary>Accepts a request for a protection.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="latestMilliseconds"><see cref="ProtectionSummary.LatestMilliseconds"/> of the assembly: no two of its protections share an id.</param>
    /// <returns>The protection, with its first transition.</returns>
    public static ProtectionStep Create(NewProtection request, long latestMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(request);
        var milliseconds = request.DueAt?.ToUnixTimeMilliseconds() ?? FreeMilliseconds(request, latestMilliseconds + 1);
        var created = new Protection
        {
            Id = new ProtectionId(request.Assembly, request.PolicyId, milliseconds),
            Name = request.Name,
            Status = ProtectionStatus.Created,
            Sequence = 0,
            CreatedAt = request.RequestedAt,
            UpdatedAt = request.RequestedAt,
            ExpiresAt = request.RequestedAt + request.Retention,
            RetentionIsAsked = request.RetentionIsAsked,
            PolicyName = request.PolicyName,
            IsScheduled = request.DueAt is not null,
            Counts = ResourceCounts.None,
        };
        var reason = request.DueAt is { } due ? $"The protection policy '{request.PolicyName}' was due at {due.UtcDateTime:u}." : "The protection was accepted.";
        return new(created, new(created.Id, 0, null, created.Status, created.CreatedAt, reason, created.Counts, request.By));
    }

    /// <summary>The transition that comes after the latest one. Time never goes back: it is dated no earlier than that.</summary>
    public ProtectionTransition Next(ProtectionStatus to, DateTimeOffset at, string reason, ResourceCounts? counts = null, Actor? by = null) =>
        new(Id, Sequence + 1, Status, to, NotBeforeLatest(at), reason, counts ?? Counts, by);

    /// <summary>The protection as it stands once its next transition has been made.</summary>
    /// <exception cref="InvalidOperationException">The transition is refused: it is not legal, or not the next one.</exception>
    public Protection Record(ProtectionTransition transition)
    {
        var result = TryRecord(transition, null, out var step);
        return step?.Protection ?? throw new InvalidOperationException(
            $"Transition {transition.Sequence} of protection {Id}, from {transition.From} to {transition.To}, was refused: {result}. It is {Status}, at {Sequence}.");
    }

    /// <summary>Makes a transition, if it is the next one and legal.</summary>
    /// <param name="transition">A transition of this protection.</param>
    /// <param name="onRecord">What is on record under its sequence number: tells a repetition from a conflict. Null where nothing is.</param>
    /// <param name="step">What there is to write; null where the result is not <see cref="RecordResult.Recorded"/>.</param>
    /// <exception cref="ArgumentException">The transition is of another protection.</exception>
    public RecordResult TryRecord(ProtectionTransition transition, ProtectionTransition? onRecord, out ProtectionStep? step)
    {
        ArgumentNullException.ThrowIfNull(transition);
        if (transition.Id != Id)
            throw new ArgumentException($"It is a transition of protection {transition.Id}, and not of {Id}.", nameof(transition));
        step = null;
        if (!transition.IsLegal)
            return RecordResult.Illegal;
        if (transition.Sequence <= Sequence)
            return onRecord is not null && transition.Repeats(onRecord) ? RecordResult.AlreadyRecorded : RecordResult.Conflict;
        if (transition.Sequence != Sequence + 1 || transition.From != Status)
            return RecordResult.Conflict;
        if (Cancel is not null && transition.To.IsRunning())
            return RecordResult.Cancelled;

        // The clocks of two machines differ, and neither writer is wrong.
        var dated = transition with { At = NotBeforeLatest(transition.At) };
        var next = this with
        {
            Status = dated.To,
            Sequence = dated.Sequence,
            UpdatedAt = dated.At,
            Counts = dated.Counts,
            Location = Location ?? dated.Location,
            Progress = null,
            InventoryIsBegun = false,
        };
        step = new(dated.To.IsOutcome() ? next with { Outcome = dated.To, OutcomeAt = dated.At } : next, dated);
        return RecordResult.Recorded;
    }

    /// <summary>Requests that its data is removed. The first request stands.</summary>
    public ProtectionAct RequestPrune(ProtectionSummary summary, DateTimeOffset at, Actor by) => Refuse(summary)
        ?? (RetentionRules.OnRequest(FactsIn(summary)) is RetentionDecision.Release(var reason)
            ? Release(summary, at, by, reason)
            : new(ActResult.Locked, this, summary));

    /// <summary>Applies the retention rules of time.</summary>
    public ProtectionAct EndRetention(ProtectionSummary summary, DateTimeOffset at, Actor by) =>
        Refuse(summary) ?? Apply(RetentionRules.AtTime(FactsIn(summary), at), summary, at, by);

    /// <summary>Applies its policy's count, which it exceeds.</summary>
    /// <param name="count">How many recovery points the policy keeps.</param>
    /// <param name="summary">The state of its assembly.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="by">Who applies it.</param>
    public ProtectionAct ExceedCount(int count, ProtectionSummary summary, DateTimeOffset at, Actor by) =>
        Refuse(summary) ?? Apply(RetentionRules.BeyondCount(FactsIn(summary), count), summary, at, by);

    /// <summary>The transition that an attempt to remove its data leads to; null where there is none (yet): the attempt goes on, or waits for what passes.</summary>
    /// <param name="attempt">What the attempt came to.</param>
    /// <param name="patience">How long after the decision to prune it what passes, such as throttling, is waited for.</param>
    /// <param name="at">Now, in UTC.</param>
    public ProtectionTransition? EndPrune(PruneRound attempt, TimeSpan patience, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        if (Prune is not { } decision)
            throw new InvalidOperationException($"Nothing is to be removed of protection {Id}.");
        if (attempt.Untried > 0 || (attempt.Left > 0 && Status == ProtectionStatus.PruningFailed))
            return null;
        if (attempt.Left == 0)
            return Next(ProtectionStatus.Elapsed, at, $"{decision.Reason} Nothing of it is left.", by: decision.By);
        if (attempt.Kept > 0)
            return Next(ProtectionStatus.PruningFailed, at, $"Resources that could not be removed: {attempt.Kept}. {attempt.Reason}", by: decision.By);
        return at - decision.At < patience
            ? null
            : Next(ProtectionStatus.PruningFailed, at, $"Resources that were not removed within {patience:c}: {attempt.Waiting}. {attempt.Reason}", by: decision.By);
    }

    /// <summary>Asks for its run to end. The first request stands.</summary>
    public ProtectionAct RequestCancel(ProtectionSummary summary, DateTimeOffset at, Actor by)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (Cancel is not null)
            return new(ActResult.AlreadyDone, this, summary);
        if (!Status.IsRunning())
            return new(ActResult.Ended, this, summary);
        var request = new Request(at, by, $"Cancelled by {by.Name}.");
        return Happened(this with { Cancel = request }, summary, ProtectionEventKind.CancelRequested, at, request.Reason, by);
    }

    /// <summary>Lets nothing prune it.</summary>
    public ProtectionAct SetLock(ProtectionSummary summary, DateTimeOffset at, Actor by)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (Lock is not null)
            return new(ActResult.AlreadyDone, this, summary);
        if (summary.IsClosed)
            return new(ActResult.AssemblyClosed, this, summary);
        return Prune is not null || Status.IsFinal()
            ? new(ActResult.Pruned, this, summary)
            : Happened(
                this with { Lock = new Request(at, by, "It is locked.") }, summary with { Locks = summary.Locks + 1 }, ProtectionEventKind.Locked, at, "It was locked.", by);
    }

    /// <summary>Lets it be pruned again.</summary>
    public ProtectionAct Unlock(ProtectionSummary summary, DateTimeOffset at, Actor by)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return Lock is null
            ? new(ActResult.AlreadyDone, this, summary)
            : Happened(this with { Lock = null, Kept = LookAgain(at) }, summary with { Locks = summary.Locks - 1 }, ProtectionEventKind.Unlocked, at, "It was unlocked.", by);
    }

    /// <summary>Has another orchestration drive it.</summary>
    /// <param name="lost">The generation that the engine has lost.</param>
    /// <param name="summary">What the protections of its assembly come to.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="by">Who has found out.</param>
    /// <param name="since">When the lost one has made its latest step, in UTC.</param>
    public ProtectionAct ReplaceOrchestration(int lost, ProtectionSummary summary, DateTimeOffset at, Actor by, DateTimeOffset since) =>
        Generation != lost || Status.IsFinal()
            ? new(ActResult.AlreadyDone, this, summary)
            : Happened(
                this with { Generation = lost + 1 }, summary, ProtectionEventKind.OrchestrationReplaced, at, $"Its orchestration has made no step since {since:u}; another has taken over.", by);

    /// <summary>Notes how far it is. It changes no state, and has no meaning once the protection is in another state than the one it was noted for.</summary>
    /// <param name="sequence">The sequence number of the transition that led to that state.</param>
    /// <param name="progress">How far it is.</param>
    public Protection Report(int sequence, CaptureProgress progress) => Sequence == sequence && Status.IsRunning() ? this with { Progress = progress } : this;

    /// <summary>Says that its assembly is being deleted, for good.</summary>
    public Protection MarkAssemblyIsBeingDeleted() => this with { AssemblyIsBeingDeleted = true };

    /// <summary>The protection as a recovery point; null if it is none.</summary>
    public RecoveryPoint? AsRecoveryPoint() =>
        this is { Prune: null, Outcome: ProtectionStatus.Success or ProtectionStatus.PartiallyProtected }
            ? new RecoveryPoint(Id, Outcome.Value, CreatedAt)
            : null;

    // Why there is nothing to decide about its removal; null where there is.
    private ProtectionAct? Refuse(ProtectionSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return Status.IsRunning() ? new(ActResult.Running, this, summary)
            : Prune is not null || Status.IsFinal() ? new(ActResult.AlreadyDone, this, summary)
            : null;
    }

    private RetentionFacts FactsIn(ProtectionSummary summary) =>
        new(ExpiresAt, RetentionIsAsked, IsLocked: Lock is not null, IsLatestRecoveryPoint: summary.NewestGood?.Id == Id);

    private ProtectionAct Apply(RetentionDecision decision, ProtectionSummary summary, DateTimeOffset at, Actor by) => decision switch
    {
        RetentionDecision.Release(var reason) => Release(summary, at, by, reason),
        RetentionDecision.Keep keep => Hold(keep, summary, at, by),
        _ => new(ActResult.NotDue, this, summary),
    };

    private ProtectionAct Release(ProtectionSummary summary, DateTimeOffset at, Actor by, string reason) =>
        Happened(this with { Prune = new Request(at, by, reason), Kept = null }, summary, ProtectionEventKind.PruneRequested, at, reason, by);

    // One event for each reason, however often it is decided.
    private ProtectionAct Hold(RetentionDecision.Keep keep, ProtectionSummary summary, DateTimeOffset at, Actor by)
    {
        var held = this with { Kept = new RetentionHold(at, keep.Reason) };
        var result = keep.By == KeptBy.Lock ? ActResult.Locked : ActResult.NewestGood;
        return Kept?.Reason == keep.Reason
            ? new(result, held, summary)
            : Happened(held, summary, ProtectionEventKind.Kept, at, keep.Reason, by) with { Result = result };
    }

    // Due now, and not since its retention ended: the watchdog would take that for a stall.
    private RetentionHold? LookAgain(DateTimeOffset at) => Kept is null ? null : new RetentionHold(at - RetentionRules.CheckInterval, "");

    private ProtectionAct Happened(Protection changed, ProtectionSummary summary, ProtectionEventKind kind, DateTimeOffset at, string reason, Actor by) =>
        new(ActResult.Done, changed with { Events = Events + 1 }, summary, new ProtectionEvent(Id, Events, kind, at, reason, by));

    // A policy's due times are whole minutes: they stay free for it.
    private static long FreeMilliseconds(NewProtection request, long earliest)
    {
        const long minute = 60_000;
        var milliseconds = Math.Max(request.RequestedAt.ToUnixTimeMilliseconds(), earliest);
        return request.PolicyId > 0 && milliseconds % minute == 0 ? milliseconds + 1 : milliseconds;
    }

    private DateTimeOffset NotBeforeLatest(DateTimeOffset at) => at > UpdatedAt ? at : UpdatedAt;
}
