namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>The protections that were created within a range of time, both ends included.</summary>
/// <param name="FromMilliseconds">The earliest creation, in milliseconds since 1970 UTC.</param>
/// <param name="ToMilliseconds">The latest creation, in milliseconds since 1970 UTC.</param>
public sealed record CreationRange(long FromMilliseconds, long ToMilliseconds);
