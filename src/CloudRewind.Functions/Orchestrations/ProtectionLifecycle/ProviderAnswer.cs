namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>
/// What the capture provider says before the captures begin. A failure is a result and no exception: how much an orchestration learns of an exception is up
/// to its host.
/// </summary>
/// <param name="Resources">How many resources there are to protect, from 0.</param>
/// <param name="Failure">Why the protection cannot go on; null where it can.</param>
/// <param name="CanRetry">Whether the same question may have another answer later.</param>
public sealed record ProviderAnswer(int Resources = 0, string? Failure = null, bool CanRetry = false);
