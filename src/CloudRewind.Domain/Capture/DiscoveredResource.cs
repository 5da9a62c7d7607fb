namespace CloudRewind.Domain.Capture;

/// <summary>A resource that belongs to an assembly: what can fail alone, and has one snapshot.</summary>
/// <param name="ResourceId">Its id at AWS.</param>
/// <param name="Type">What it is, such as <c>ebs-volume</c>.</param>
/// <param name="GroupId">
/// What must be captured at the same moment has the same group, such as the volumes of one instance. Only the provider knows what the text means; a resource
/// that is captured alone may have its own id for it.
/// </param>
/// <param name="SizeGiB">How much it holds, in GiB; 0 where that is not known. Progress is weighted by it.</param>
/// <param name="Failure">Why it cannot be captured; null where it can.</param>
public sealed record DiscoveredResource(string ResourceId, string Type, string GroupId, int SizeGiB = 0, string? Failure = null);
