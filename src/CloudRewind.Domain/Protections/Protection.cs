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

    /// <summary>When retention ends and its data may be removed, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Its resources, as counted at the latest transition.</summary>
    public required ResourceCounts Counts { get; init; }

    /// <summary>How far it is on the way to its next transition; null where nothing is known (yet).</summary>
    public CaptureProgress? Progress { get; init; }

    /// <summary>When somebody asked for its data to be removed before retention ends, in UTC; null where nobody did.</summary>
    public DateTimeOffset? PruneRequestedAt { get; init; }

    /// <summary>Whether its assembly is being deleted, so that the protection can no longer be asked for.</summary>
    public bool AssemblyIsBeingDeleted { get; init; }

    /// <summary>Accepts a request for a protection.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="latestMilliseconds"><see cref="ActiveRun.LatestMilliseconds"/> of the assembly: no two of its protections share an id.</param>
    /// <returns>The protection, with its first transition.</returns>
    public static ProtectionStep Create(NewProtection request, long latestMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(request);
        var milliseconds = Math.Max(request.RequestedAt.ToUnixTimeMilliseconds(), latestMilliseconds + 1);
        var created = new Protection
        {
            Id = new ProtectionId(request.Assembly, request.PolicyId, milliseconds),
            Name = request.Name,
            Status = ProtectionStatus.Created,
            Sequence = 0,
            CreatedAt = request.RequestedAt,
            UpdatedAt = request.RequestedAt,
            ExpiresAt = request.RequestedAt + request.Retention,
            Counts = ResourceCounts.None,
        };
        return new(created, new(created.Id, 0, null, created.Status, created.CreatedAt, "The protection was accepted.", created.Counts));
    }

    /// <summary>The transition that comes after the latest one. Time never goes back: it is dated no earlier than that.</summary>
    public ProtectionTransition Next(ProtectionStatus to, DateTimeOffset at, string reason, ResourceCounts? counts = null) =>
        new(Id, Sequence + 1, Status, to, NotBeforeLatest(at), reason, counts ?? Counts);

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

        // The clocks of two machines differ, and neither writer is wrong.
        var dated = transition with { At = NotBeforeLatest(transition.At) };
        step = new(this with { Status = dated.To, Sequence = dated.Sequence, UpdatedAt = dated.At, Counts = dated.Counts, Progress = null }, dated);
        return RecordResult.Recorded;
    }

    /// <summary>Asks for its data to be removed before retention ends. The time of the first request stays.</summary>
    public Protection RequestPrune(DateTimeOffset at) => this with { PruneRequestedAt = PruneRequestedAt ?? at };

    /// <summary>Notes how far it is. It changes no state, and has no meaning once the protection is in another state than the one it was noted for.</summary>
    /// <param name="sequence">The sequence number of the transition that led to that state.</param>
    /// <param name="progress">How far it is.</param>
    public Protection Report(int sequence, CaptureProgress progress) => Sequence == sequence && Status.IsRunning() ? this with { Progress = progress } : this;

    /// <summary>Says that its assembly is being deleted, for good.</summary>
    public Protection MarkAssemblyIsBeingDeleted() => this with { AssemblyIsBeingDeleted = true };

    private DateTimeOffset NotBeforeLatest(DateTimeOffset at) => at > UpdatedAt ? at : UpdatedAt;
}
