namespace CloudRewind.Domain.Capture;

/// <summary>Something at AWS that the assembly's filter names, or that belongs to what it names, and that a protection does not cover.</summary>
/// <param name="ResourceId">Its id at AWS, such as an instance's.</param>
/// <param name="Type">What it is, such as <c>instance-store</c>.</param>
/// <param name="Reason">Why it is not covered, for a person to read.</param>
public sealed record LeftOut(string ResourceId, string Type, string Reason);
