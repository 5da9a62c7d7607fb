namespace CloudRewind.Domain.Capture;

/// <summary>What an assembly's filter comes to now.</summary>
/// <param name="Resources">What a protection covers, each once.</param>
/// <param name="LeftOut">What it does not cover.</param>
public sealed record Discovery(IReadOnlyList<DiscoveredResource> Resources, IReadOnlyList<LeftOut> LeftOut);
