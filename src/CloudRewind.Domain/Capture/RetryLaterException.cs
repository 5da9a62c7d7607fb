namespace CloudRewind.Domain.Capture;

/// <summary>
/// The provider did not do what it was asked to, for a reason that passes: a rate or a limit, a network or a session. It is waited for, as long as the
/// protection's time limit allows, and never counts as an error.
/// </summary>
/// <param name="reason">What is waited for, for a person to read.</param>
/// <param name="after">How long to wait at least. Callers that are told together get different times, so that they do not come back together.</param>
/// <param name="concernsAll">Whether other calls would be told the same: a limit of the whole AWS account, and not of one volume.</param>
/// <param name="innerException">What the provider was told.</param>
public sealed class RetryLaterException(string reason, TimeSpan after, bool concernsAll = true, Exception? innerException = null)
    : Exception(reason, innerException)
{
    /// <summary>How long to wait at least.</summary>
    public TimeSpan After { get; } = after;

    /// <summary>Whether other calls would be told the same.</summary>
    public bool ConcernsAll { get; } = concernsAll;
}
