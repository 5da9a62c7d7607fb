namespace CloudRewind.Domain.Changes;

/// <summary>A change of a cloud assembly or a protection policy; written once, in the transaction that makes the change.</summary>
/// <param name="Version">The version that the change led to, from 1.</param>
/// <param name="Kind">What was done.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="By">Who did it.</param>
/// <param name="Fields">The fields that changed; empty where none did.</param>
public sealed record Change(int Version, ChangeKind Kind, DateTimeOffset At, Actor By, IReadOnlyList<FieldChange> Fields)
{
    /// <inheritdoc/>
    public bool Equals(Change? other) =>
        other is not null && (Version, Kind, At, By) == (other.Version, other.Kind, other.At, other.By) && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, Kind, At, By);
}
