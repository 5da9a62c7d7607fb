namespace CloudRewind.Domain.Assemblies;

/// <summary>A part of a list of assemblies.</summary>
/// <param name="Items">The assemblies, by id.</param>
/// <param name="Total">How many there are in all; null where there are more than were read.</param>
public sealed record CloudAssemblyPage(IReadOnlyList<CloudAssembly> Items, int? Total);
