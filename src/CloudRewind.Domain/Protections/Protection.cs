namespace CloudRewind.Domain.Protections;

/// <summary>One point-in-time copy of the resources of a cloud assembly, as it stands now.</summary>
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

    /// <summary>When somebody asked for its data to be removed before retention ends, in UTC; null where nobody did.</summary>
    public DateTimeOffset? PruneRequestedAt { get; init; }

    /// <summary>Whether its assembly is being deleted, so that the protection can no longer be asked for.</summary>
    public bool AssemblyIsBeingDeleted { get; init; }

    /// <summary>The transition that comes after the latest one.</summary>
    public ProtectionTransition Next(ProtectionStatus to, DateTimeOffset at, string reason, ResourceCounts? counts = null) =>
        new(Id, Sequence + 1, Status, to, at, reason, counts ?? Counts);

    /// <summary>The protection as it stands once a transition has been made.</summary>
    public Protection After(ProtectionTransition transition) =>
        this with { Status = transition.To, Sequence = transition.Sequence, UpdatedAt = transition.At, Counts = transition.Counts };
}
