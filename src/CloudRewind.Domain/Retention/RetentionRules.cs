namespace CloudRewind.Domain.Retention;

/// <summary>
/// The rules of retention, as pure functions. A lock keeps a copy from everything. An explicit request, which is a prune or the
/// retention of a create request, releases any other copy. A rule, which is any other retention time or a policy's count, never
/// releases the latest recovery point.
/// </summary>
public static class RetentionRules
{
    /// <summary>How often a copy that is kept against a rule is checked again.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromDays(1);

    /// <summary>Decides on a request to prune.</summary>
    public static RetentionDecision OnRequest(RetentionFacts copy) => Decide(copy, "It was to be pruned.", isRule: false);

    /// <summary>Decides by time.</summary>
    public static RetentionDecision AtTime(RetentionFacts copy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(copy);
        return !HasEnded(copy.ExpiresAt, now) ? new RetentionDecision.NotDue()
            : copy is { HasExplicitRetention: true, IsLocked: false } ? Decide(copy, "The retention that its request named has ended.", isRule: false)
            : Decide(copy, "Its retention has ended.", isRule: true);
    }

    /// <summary>Decides on a copy that exceeds its policy's count: <see cref="ExceedingCount"/>.</summary>
    public static RetentionDecision BeyondCount(RetentionFacts copy, int count) =>
        Decide(copy, $"Its policy keeps {count} good copies, and there are newer ones.", isRule: true);

    /// <summary>The copies of one policy that exceed its count, newest first.</summary>
    /// <param name="copies">The copies of the policy.</param>
    /// <param name="count">How many recovery points the policy keeps. Any other copy is kept until there are as many newer copies.</param>
    public static IEnumerable<RetainedCopy> ExceedingCount(IEnumerable<RetainedCopy> copies, int count)
    {
        var (newer, newerRecoveryPoints) = (0, 0);
        foreach (var copy in copies.Where(copy => copy.ByCount).OrderByDescending(copy => copy.Id.EpochMilliseconds))
        {
            if ((copy.IsRecoverable ? newerRecoveryPoints : newer) >= count)
                yield return copy;
            newer++;
            newerRecoveryPoints += copy.IsRecoverable ? 1 : 0;
        }
    }

    /// <summary>Whether a retention time has passed; never for a copy that has none.</summary>
    public static bool HasEnded(DateTimeOffset? expiresAt, DateTimeOffset now) => expiresAt <= now;

    /// <summary>When retention by time is decided next, in UTC; null for a copy without a retention time.</summary>
    public static DateTimeOffset? NextCheck(DateTimeOffset? expiresAt, RetentionHold? hold) =>
        expiresAt is null ? null : hold?.At + CheckInterval ?? expiresAt;

    private static RetentionDecision Decide(RetentionFacts copy, string reason, bool isRule)
    {
        ArgumentNullException.ThrowIfNull(copy);
        return copy.IsLocked ? new RetentionDecision.Keep(KeptBy.Lock, $"{reason} It is kept because it is locked.")
            : isRule && copy.IsLatestRecoveryPoint
                ? new RetentionDecision.Keep(
                    KeptBy.LatestRecoveryPoint, $"{reason} It is kept because it is the newest good copy of its cloud assembly.")
            : new RetentionDecision.Release(reason);
    }
}
