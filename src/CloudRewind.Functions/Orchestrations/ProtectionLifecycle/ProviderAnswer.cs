using CloudRewind.Domain;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>
/// What the capture provider says before the captures begin. A failure is a result and no exception: how much an orchestration learns of an exception is up
/// to its host.
/// </summary>
/// <param name="Resources">The resources that there are to protect; null where that was not the question.</param>
/// <param name="NotCovered">What the filter names and a protection does not cover, for a person to read; null where that is nothing.</param>
/// <param name="Failure">Why the protection cannot go on; null where it can.</param>
/// <param name="CanRetry">Whether the same question may have another answer later.</param>
/// <param name="RetryAfter">How long to wait at least, for something that passes: asking again does not count as an attempt. Null where it counts.</param>
/// <param name="By">Who has ended it; null where nobody has.</param>
public sealed record ProviderAnswer(
    ResourceCounts? Resources = null, string? NotCovered = null, string? Failure = null, bool CanRetry = false, TimeSpan? RetryAfter = null, Actor? By = null);
