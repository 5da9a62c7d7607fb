namespace CloudRewind.Domain.Capture;

/// <summary>An AWS resource that belongs to an assembly.</summary>
/// <param name="ResourceId">Its id at AWS.</param>
/// <param name="Type">What it is, such as <c>ec2-volume</c>.</param>
public sealed record DiscoveredResource(string ResourceId, string Type);
