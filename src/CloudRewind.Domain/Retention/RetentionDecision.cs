namespace CloudRewind.Domain.Retention;

/// <summary>Whether a copy may be pruned now, and why.</summary>
public abstract record RetentionDecision
{
    private RetentionDecision()
    {
    }

    /// <summary>Its data is to be removed.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Release(string Reason) : RetentionDecision;

    /// <summary>A rule would release it, and something stronger keeps it.</summary>
    /// <param name="By">What keeps it.</param>
    /// <param name="Reason">Why a rule would release it, and why it is kept.</param>
    public sealed record Keep(KeptBy By, string Reason) : RetentionDecision;

    /// <summary>Nothing asks for its release yet.</summary>
    public sealed record NotDue : RetentionDecision;
}
