namespace CloudRewind.Domain.Protections;

/// <summary>What a transition comes to: both are written, or neither.</summary>
/// <param name="Protection">The protection as it stands then.</param>
/// <param name="Transition">The transition as it goes on record.</param>
public sealed record ProtectionStep(Protection Protection, ProtectionTransition Transition)
{
    /// <summary>Whether the run is over with it, so that <see cref="ProtectionSummary.End"/> belongs to the same transaction.</summary>
    public bool EndsRun => Transition.To.IsOutcome();
}
