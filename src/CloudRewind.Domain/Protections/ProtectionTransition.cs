using System.Text.Json.Serialization;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Domain.Protections;

/// <summary>One step of one protection: what is written once and never changes.</summary>
/// <param name="Id">The protection.</param>
/// <param name="Sequence">0 for the creation, then one more each, without gaps.</param>
/// <param name="From">The state before; null for the creation.</param>
/// <param name="To">The state after.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Reason">Why, for a person to read; cut to <see cref="ReasonText.MaxLength"/> characters.</param>
/// <param name="Counts">The resources at that moment.</param>
/// <param name="By">On whose behalf; null where that was not recorded.</param>
public sealed record ProtectionTransition(
    ProtectionId Id,
    int Sequence,
    ProtectionStatus? From,
    ProtectionStatus To,
    DateTimeOffset At,
    string Reason,
    ResourceCounts Counts,
    Actor? By = null)
{
    /// <summary>Why, for a person to read; at most <see cref="ReasonText.MaxLength"/> characters.</summary>
    public string Reason { get; init => field = ReasonText.Cut(value); } = ReasonText.Cut(Reason);

    /// <summary>Where the snapshots will be, with the transition to <see cref="ProtectionStatus.Preparing"/>; else null. It goes into the protection's row.</summary>
    [JsonIgnore]
    public SnapshotLocation? Location { get; init; }

    /// <summary>Whether <see cref="Lifecycle.Transitions"/> has such a pair, and only a creation has the number 0.</summary>
    public bool IsLegal => Lifecycle.Allows(From, To) && (From is null) == (Sequence == 0);

    /// <summary>
    /// Whether this is the step that is on record already, recorded again. Its time may be another one: after a crash the engine takes an orchestration's last turn
    /// again, with a later clock, although an activity that the turn had asked for has run; what is started anew may act on another's behalf; and the cloud assembly may have moved. What was recorded first stands.
    /// </summary>
    public bool Repeats(ProtectionTransition recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return this with { At = recorded.At, By = recorded.By, Location = recorded.Location } == recorded;
    }
}
