namespace CloudRewind.Domain.Protections;

/// <summary>A part of a list of protections.</summary>
/// <param name="Items">The protections, newest first.</param>
/// <param name="Total">How many match in all; null where there are more than were read.</param>
public sealed record ProtectionPage(IReadOnlyList<Protection> Items, int? Total);
