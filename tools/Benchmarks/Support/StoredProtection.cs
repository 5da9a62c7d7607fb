namespace CloudRewind.Benchmarks.Support;

/// <summary>A protection that is stored.</summary>
internal sealed record StoredProtection(AssemblyAddress Assembly, string Id);
